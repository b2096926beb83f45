import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { registrationsOf } from "../cost/plan.ts";
import { checkedSettings, settingsOfFile } from "../cost/settingsFile.ts";
import { exitCodes, UserError } from "../userError.ts";
import { type Graph, graphOf } from "./graph.ts";
import { mermaidOf, tableOf } from "./mermaid.ts";

/** The stacks that the document shows. */
export const STACKS = ["dev", "prod", "local"] as const;

/** The lines between which a stack's diagram stands. */
const marks = (stack: string) => ({ begin: `<!-- diagram ${stack} -->`, end: `<!-- /diagram ${stack} -->` });

/** What a stack is made of, from a run of the program with the settings in a folder. @throws {UserError} */
export async function graphOfStack(stack: string, folder: string): Promise<Graph> {
  const input = await settingsOfFile(stack, folder);
  const drawn = async () => graphOf(await registrationsOf(checkedSettings(input, stack), () => undefined));
  if (input["platform"] !== "local") return drawn();
  return withCluster(input["local"] as { context: string }, async (local) => {
    input["local"] = local;
    return drawn();
  });
}

/** Gives the stack local a kubeconfig that has its context: what it is made of depends on no cluster. */
async function withCluster<T>(local: { context: string }, use: (local: object) => Promise<T>): Promise<T> {
  const own = await mkdtemp(join(tmpdir(), "mcpaas-diagram-"));
  try {
    const kubeconfig = join(own, "kubeconfig");
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "none", server: "https://cluster.invalid", skipTLSVerify: false },
      { name: "nobody" },
    );
    config.contexts = [{ name: local.context, cluster: "none", user: "nobody" }];
    config.setCurrentContext(local.context);
    await writeFile(kubeconfig, config.exportConfig());
    return await use({ ...local, kubeconfig });
  } finally {
    await rm(own, { recursive: true });
  }
}

/** A stack's diagram and table in Markdown. @throws {UserError} */
export async function diagramOf(stack: string, folder: string): Promise<string> {
  const graph = await graphOfStack(stack, folder);
  return `${mermaidOf(graph)}\n\n${tableOf(graph)}`;
}

/** Draws a stack, for example by {@link diagramOf}. */
export type Draw = (stack: string) => Promise<string>;

/**
 * A document with all its diagrams drawn anew.
 *
 * @throws {UserError} when a stack's marks are missing
 */
export async function refreshed(text: string, draw: Draw): Promise<string> {
  let result = text;
  for (const stack of STACKS) {
    const { begin, end } = marks(stack);
    const [from, to] = [result.indexOf(begin), result.indexOf(end)];
    if (from < 0 || to < from) {
      throw new UserError(`the document has no ${begin} followed by ${end}`, exitCodes.usage);
    }
    result = `${result.slice(0, from + begin.length)}\n\n${await draw(stack)}\n\n${result.slice(to)}`;
  }
  return result;
}

/** Whether a file has the diagrams that it should have; writes them unless it is only to be checked. */
export async function update(file: string, check: boolean, draw: Draw): Promise<boolean> {
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new UserError(`${file} can't be read: ${error.message}`, exitCodes.usage);
  });
  const wanted = await refreshed(text, draw);
  if (wanted !== text && !check) await writeFile(file, wanted);
  return wanted === text;
}
