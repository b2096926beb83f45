import type { Cluster } from "../cluster.ts";
import { type Cause, counted, describe, type Evidence, ref, some } from "../finding.ts";
import { featureDiscovery, GPU_LABELS, missingGpuLabels, podsOn } from "../gpuNodes.ts";
import { fitsLabels, isPodReady, isReady, taintText, untoleratedByDaemon } from "../matching.ts";
import type { Node, Workload } from "../objects.ts";
import { change } from "../settings.ts";
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
        change(
          "KAITO brings it unless the setting mcpaas:kaito.gpuFeatureDiscovery is none",
          "mcpaas:kaito.gpuFeatureDiscovery",
          "kaito",
        ),
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
  return [...sets.map((each) => onNode(cluster, each, node)), ...masters(cluster)];
}

function onNode(cluster: Cluster, set: Workload, node: Node): Evidence {
  const pods = podsOn(cluster, set, node);
  const spec = set.spec?.template?.spec;
  const taints = untoleratedByDaemon(spec, node).map(taintText);
  const why =
    taints.length > 0
      ? `: it doesn't tolerate the taint ${taints.join(", ")}`
      : fitsLabels(spec, node)
        ? ""
        : ": it asks for labels that the node lacks, and which node feature discovery sets";
  return {
    object: ref("daemonset", set),
    field: `on ${node.metadata.name}`,
    value: pods.length === 0 ? `no pod${why}` : `pod ${pods.some(isPodReady) ? "is ready" : "is not ready"}`,
  };
}

/** Only the master may label nodes; workers tell it what they find. */
function masters(cluster: Cluster): Evidence[] {
  return cluster
    .seen("deployments")
    .filter(
      ({ metadata, status }) =>
        /node-feature-discovery-master|nfd-master/.test(metadata.name) && (status?.readyReplicas ?? 0) === 0,
    )
    .map((each) => ({ object: ref("deployment", each), field: "status.readyReplicas", value: "0" }));
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
