import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { everyProgramInJq } from "./podPrograms.ts";

/** kwok's stages that are used as they are. */
const asTheyAre = ["node-initialize", "node-heartbeat", "pod-complete", "pod-delete"];

/** A Stage of kwok, as far as it is changed. */
interface Stage {
  metadata: { name: string };
  spec: {
    selector: { matchExpressions: { key: string; operator: string; values?: string[] }[] };
    next: { statusTemplate: string };
  };
}

/**
 * What kwok does to nodes and pods: upstream's own stages. Only a pod whose program really runs here is not
 * ready as soon as it starts: it is once its readiness probe is answered, and the pod runner says so.
 */
export async function kwokStages(share: string): Promise<string> {
  const read = (name: string) => readFile(join(share, "kwok", `${name}.yaml`), "utf8");
  const stages = await Promise.all(asTheyAre.map(read));
  return [...stages, ...splitReady(await read("pod-ready"))].join("\n---\n");
}

/**
 * Makes two stages of the one that starts pods: one for pods of real programs and one for all others.
 *
 * @throws {Error} when the stage isn't as it is known to be.
 */
export function splitReady(text: string): [string, string] {
  const others: Stage = parse(text);
  others.spec.selector.matchExpressions.push({ key: everyProgramInJq, operator: "In", values: ["false"] });
  const real: Stage = parse(text);
  real.metadata.name = "pod-started";
  real.spec.selector.matchExpressions.push({ key: everyProgramInJq, operator: "In", values: ["true"] });
  let changed = 0;
  real.spec.next.statusTemplate = real.spec.next.statusTemplate.replace(
    /status: "True"(\s+type: (?:Ready|ContainersReady)\s)/g,
    (_match, type: string) => {
      changed += 1;
      return `status: "False"${type}`;
    },
  );
  if (changed !== 2) {
    throw new Error(
      "kwok's stage pod-ready doesn't set the conditions Ready and ContainersReady as it used to",
    );
  }
  return [stringify(others), stringify(real)];
}
