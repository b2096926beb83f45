import type { Cluster } from "../cluster.ts";
import { type Cause, counted, type Evidence, ofCondition, ref, some } from "../finding.ts";
import { gpuCount } from "../gpuNodes.ts";
import { GPU, gpusOf, isOver, isReady } from "../matching.ts";
import type { Node, Pod } from "../objects.ts";
import { unscheduled } from "../podState.ts";
import { change, poolSetting } from "../settings.ts";
import type { Role } from "../subject.ts";

const ROLES: readonly Role[] = ["inference", "tuning", "rag"];

/** The nodes have GPUs, and others hold them. */
export const gpusTaken: Cause = {
  id: "gpus-taken",
  roles: ROLES,
  explains: ["unschedulable"],
  judge(cluster, subject) {
    const [waits] = unscheduled(subject).filter(({ pod }) => gpusOf(pod.spec) > 0);
    const nodes = (subject.nodes ?? []).filter(
      (node) => isReady(node) && gpuCount(node.status?.allocatable) > 0,
    );
    if (waits === undefined || nodes.length === 0) return undefined;
    const wanted = gpusOf(waits.pod.spec);
    const most = Math.max(...nodes.map(({ status }) => gpuCount(status?.allocatable)));
    const told = ofCondition(ref("pod", waits.pod), waits.condition);
    if (most < wanted) {
      return {
        summary: `The pod asks for ${counted(wanted, "GPU")} of one node, and no node has more than ${most}.`,
        likelihood: 0.94,
        evidence: [told, ...nodes.slice(0, 3).map((node) => offer(node))],
        next: [
          {
            text: "Use a VM size with as many GPUs",
            command: `npm run select-sku -- --location <region> --gpus ${wanted}`,
          },
        ],
      };
    }
    const used = nodes.map((node) => ({ node, holders: holdersOn(cluster, node) }));
    const free = used.filter(
      ({ node, holders }) => gpuCount(node.status?.allocatable) - sum(holders) >= wanted,
    );
    const holders = used.flatMap((each) => each.holders);
    if (free.length > 0 || holders.length === 0) return undefined;
    return {
      summary: `All GPUs are taken: ${some(holders.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`))} ${holders.length === 1 ? "holds" : "hold"} them.`,
      likelihood: 0.95,
      evidence: [
        told,
        ...used.slice(0, 3).map(({ node, holders }) => ({
          ...offer(node),
          value: `${gpuCount(node.status?.allocatable)}, taken by ${holders.map((pod) => `${pod.metadata.namespace}/${pod.metadata.name} (${gpusOf(pod.spec)})`).join(", ") || "nobody"}`,
        })),
      ],
      next: [
        change(
          "Let the pool grow by a node; the quota must have room for it",
          `${poolSetting(subject)}.maxCount`,
          nodes.length + 1,
        ),
        {
          text: "Or end what holds them",
          command: `kubectl get pods -A -o wide --field-selector spec.nodeName=${nodes[0]?.metadata.name}`,
        },
      ],
    };
  },
};

function offer(node: Node): Evidence {
  return {
    object: ref("node", node),
    field: `status.allocatable["${GPU}"]`,
    value: String(gpuCount(node.status?.allocatable)),
  };
}

function holdersOn(cluster: Cluster, node: Node): Pod[] {
  return cluster
    .seen("pods")
    .filter((pod) => pod.spec?.nodeName === node.metadata.name && !isOver(pod) && gpusOf(pod.spec) > 0);
}

function sum(pods: readonly Pod[]): number {
  return pods.reduce((total, { spec }) => total + gpusOf(spec), 0);
}
