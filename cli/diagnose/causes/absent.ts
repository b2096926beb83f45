import { distance } from "fastest-levenshtein";
import type { Cluster } from "../cluster.ts";
import { controllers } from "../controllers.ts";
import { type Cause, some } from "../finding.ts";
import { RESOURCES } from "./roles.ts";

/** It was asked for by name and isn't in the cluster. */
export const notThere: Cause = {
  id: "not-there",
  roles: RESOURCES,
  judge(cluster, { exists, kind, name, namespace, controller }) {
    if (exists || controller === undefined) return undefined;
    const others = namesOf(cluster, kind).sort((a, b) => distance(a, name) - distance(b, name));
    return {
      summary: `There is no ${kind} ${name}${namespace ? ` in ${namespace}` : ""}: it was never made, or its webhook refused it when it was.`,
      likelihood: 0.9,
      evidence: [
        { object: `${kind}s`, value: others.length > 0 ? `there are ${some(others, 5)}` : "there is none" },
      ],
      next: [
        { text: "Make it, and read what the API server says if it refuses", command: "pulumi up" },
        { text: "See what stands in the way", command: `npm run diagnose -- component/${controller}` },
        { text: "", command: `kubectl get ${controllers[controller].kinds.join(",")} -A` },
      ],
    };
  },
};

function namesOf(cluster: Cluster, kind: string): string[] {
  const listed = {
    workspace: "workspaces",
    inferenceset: "inferencesets",
    ragengine: "ragengines",
    mcpserver: "mcpservers",
  } as const;
  const key = listed[kind as keyof typeof listed];
  return key === undefined ? [] : cluster.seen(key).map(({ metadata }) => metadata.name);
}
