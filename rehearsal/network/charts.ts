import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { type Ports, type Processes, waitUntil } from "../processes.ts";

/**
 * Starts an OCI registry and pushes the toolchain's charts to it, each to the repository that upstream
 * publishes it in.
 *
 * @returns the port, and the public hosts that the registry answers for.
 */
export async function startChartRegistry(options: {
  bin: string;
  share: string;
  processes: Processes;
  ports: Ports;
}): Promise<{ port: number; hosts: string[] }> {
  const port = await options.ports.take("the chart registry");
  await options.processes.start({
    name: "registry",
    program: join(options.bin, "registry"),
    args: [`-port=${port}`],
  });
  await waitUntil("the chart registry", 15, async () => (await fetch(`http://localhost:${port}/v2/`)).ok);
  const root = join(options.share, "charts", "oci");
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith(".tgz"));
  const hosts = new Set<string>();
  for (const file of files) {
    const [host = "", ...rest] = file.split("/");
    hosts.add(host);
    const repository = `oci://localhost:${port}/${rest.slice(0, -1).join("/")}`;
    await execa(join(options.bin, "helm"), ["push", join(root, file), repository, "--plain-http"]);
  }
  return { port, hosts: [...hosts] };
}
