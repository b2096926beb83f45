import type { Cluster } from "../cluster.ts";
import { type Cause, counted, describe, type Evidence, ref, some } from "../finding.ts";
import { featureDiscovery, GPU_LABELS, missingGpuLabels, podsOn } from "../gpuNodes.ts";
import { isPodReady, isReady, taintText, untoleratedByDaemon } from "../matching.ts";
import type { Node } from "../objects.ts";
import type { Role } from "../subject.ts";
import { lastError } from "./reconcile.ts";

/** Who asks KAITO for a preset; a template says itself what it needs. */
const ROLES: readonly Role[] = ["inference", "set"];

/** KAITO knows the GPUs of nodes that it didn't make only by the labels of GPU feature discovery. */
export const noGpuLabels: Cause = {
  id: "no-gpu-labels",
  roles: ROLES,
  explains: ["reconcile-error", "replica-refused"],
  judge(cluster, subject) {
    const { nodes = [], provisions, needsGpu } = subject;
    if (provisions || !needsGpu || subject.workspace?.inference?.template) return undefined;
    const bare = nodes.filter((node) => isReady(node) && missingGpuLabels(node).length > 0);
    const [first] = bare;
    if (first === undefined) return undefined;
    const said = /nvidia/.test(lastError(subject)?.error ?? "");
    return {
      summary: `${counted(bare.length, "node")} (${some(bare.map(({ metadata }) => metadata.name))}) ${bare.length === 1 ? "lacks" : "lack"} the labels by which KAITO knows GPUs: ${missingGpuLabels(first).join(", ")}.`,
      likelihood: said ? 0.95 : 0.8,
      evidence: [
        ...bare.slice(0, 2).map((node) => ({
          object: ref("node", node),
          field: "metadata.labels",
          value: `no ${missingGpuLabels(node).join(", ")}`,
        })),
        ...whyBare(cluster, first),
      ],
      next: [
        {
          text: "GPU feature discovery sets them; see its pods",
          command: "kubectl get pods -A -o wide | grep -E 'gpu-feature-discovery|node-feature-discovery'",
        },
        { text: "KAITO's chart brings it in mode byo; install it again", command: "pulumi up --refresh" },
      ],
    };
  },
};

function whyBare(cluster: Cluster, node: Node): Evidence[] {
  const sets = featureDiscovery(cluster);
  if (sets === undefined) return [];
  if (sets.length === 0) {
    return [{ object: "daemonsets", value: "none is GPU feature discovery or node feature discovery" }];
  }
  return sets.map((each) => {
    const pods = podsOn(cluster, each, node);
    const taints = untoleratedByDaemon(each.spec?.template?.spec, node).map(taintText);
    return {
      object: ref("daemonset", each),
      field: `on ${node.metadata.name}`,
      value:
        pods.length > 0
          ? `pod ${pods.some(isPodReady) ? "is ready" : "is not ready"}`
          : taints.length > 0
            ? `no pod: it doesn't tolerate the taint ${taints.join(", ")}`
            : "no pod",
    };
  });
}

/** One model's nodes must be the same: KAITO takes the first node for all of them. */
export const mixedGpus: Cause = {
  id: "mixed-gpus",
  roles: ROLES,
  explains: ["replica-refused"],
  judge(_cluster, { nodes = [], provisions, selector = {} }) {
    const labelled = nodes.filter((node) => missingGpuLabels(node).length === 0);
    const kinds = new Map(
      labelled.map((node) => [GPU_LABELS.map((label) => node.metadata.labels?.[label]).join(" x "), node]),
    );
    if (provisions || kinds.size < 2) return undefined;
    const [first] = kinds.values();
    return {
      summary: "The nodes with its labels have different GPUs, and KAITO refuses a model on them.",
      likelihood: 0.6,
      evidence: [...kinds.values()].map((node) => ({
        object: ref("node", node),
        field: "GPU",
        value: GPU_LABELS.map((label) => `${label.slice(11)} ${node.metadata.labels?.[label]}`).join(", "),
      })),
      next: [
        {
          text: `Give each kind of GPU a pool and a label of its own, besides ${Object.keys(selector).join(", ")}`,
          command: `kubectl get nodes -L ${GPU_LABELS.join(",")}`,
        },
        ...(first ? [{ text: "", command: describe("node", first) }] : []),
      ],
    };
  },
};
