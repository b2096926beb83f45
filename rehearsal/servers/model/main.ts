import { readOptions } from "./options.ts";
import { serveModel } from "./server.ts";

/*
 * Stands in for a model on vLLM, as KAITO's pods serve it: it is told by the pod's own command and configuration
 * file, and answers what vLLM would refuse with vLLM's refusals. What it says is no model's work.
 *
 * The pod's command follows as arguments. PORT is where to listen, and PATHS a JSON object that says where folders
 * of the pod are on this machine.
 */
const paths = Object.entries<string>(JSON.parse(process.env["PATHS"] ?? "{}"));
const place = (inPod: string) => {
  const [folder = "", here = ""] = paths.find(([each]) => inPod.startsWith(`${each}/`)) ?? [];
  return here + inPod.slice(folder.length);
};
const options = readOptions(process.argv.slice(2), place);
const { url, close } = await serveModel(options, Number(process.env["PORT"] ?? 5000));
console.log(JSON.stringify({ msg: "listening", url: url.href, ...options }));
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
