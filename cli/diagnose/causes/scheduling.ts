import type { Cluster } from "../cluster.ts";
import { type Cause, describe, type Evidence, ofCondition, ref, some } from "../finding.ts";
import { BY_KUBERNETES, fitsLabels, isReady, taintText, untolerated } from "../matching.ts";
import type { Condition, Node, Pod } from "../objects.ts";
import { unscheduled } from "../podState.ts";
import { change } from "../settings.ts";
import { WITH_PODS } from "./roles.ts";

/** Every node that has the labels has a taint that the pod doesn't tolerate. */
export const taintNotTolerated: Cause = {
  id: "taint-not-tolerated",
  roles: WITH_PODS,
  explains: ["unschedulable"],
  judge(cluster, subject) {
    for (const { pod, condition } of unscheduled(subject)) {
      const fitting = candidates(cluster, pod);
      const tainted = (fitting ?? []).map((node) => ({
        node,
        taints: untolerated(pod.spec, node).map(taintText),
      }));
      const [first] = tainted;
      if (first && tainted.every(({ taints }) => taints.length > 0)) {
        return {
          summary: `The nodes that it could use have a taint that its pod doesn't tolerate: ${some([...new Set(tainted.flatMap(({ taints }) => taints))])}.`,
          likelihood: 0.95,
          evidence: [
            told(pod, condition),
            ...tainted.slice(0, 3).map(({ node, taints }) => ({
              object: ref("node", node),
              field: "spec.taints",
              value: taints.join(", "),
            })),
          ],
          next: [
            tainted.every(({ taints }) => taints.every((taint) => taint.startsWith(BY_KUBERNETES)))
              ? {
                  text: "Kubernetes set it for the node's state; see there",
                  command: describe("node", first.node),
                }
              : {
                  text: "KAITO's pods tolerate sku=gpu:NoSchedule, nvidia.com/gpu and spot; another taint keeps them away. An MCP server takes tolerations of its own",
                  command: `kubectl get node ${first.node.metadata.name} -o jsonpath='{.spec.taints}'`,
                },
          ],
        };
      }
    }
    return undefined;
  },
};

/** No node has the labels that the pod asks for. */
export const nodeSelectorUnmatched: Cause = {
  id: "node-selector-unmatched",
  roles: WITH_PODS,
  explains: ["unschedulable"],
  judge(cluster, subject) {
    for (const { pod, condition } of unscheduled(subject)) {
      if (cluster.list("nodes")?.some((node) => fitsLabels(pod.spec, node)) === false) {
        const { nodeSelector, affinity } = pod.spec ?? {};
        return {
          summary: "No node has the labels that its pod asks for.",
          likelihood: 0.93,
          evidence: [
            told(pod, condition),
            {
              object: ref("pod", pod),
              field: nodeSelector ? "spec.nodeSelector" : "spec.affinity.nodeAffinity",
              value: JSON.stringify(nodeSelector ?? affinity?.nodeAffinity),
            },
          ],
          next: [{ text: "See which labels the nodes have", command: "kubectl get nodes --show-labels" }],
        };
      }
    }
    return undefined;
  },
};

const RESOURCE = /Insufficient (cpu|memory|ephemeral-storage)|Too many pods/g;

/** The nodes are full of something else than GPUs. */
export const insufficientResources: Cause = {
  id: "insufficient-resources",
  roles: WITH_PODS,
  explains: ["unschedulable"],
  judge(_cluster, subject) {
    for (const { pod, condition } of unscheduled(subject)) {
      const short = [...new Set(condition.message?.match(RESOURCE) ?? [])];
      if (short.length === 0 || /Insufficient nvidia\.com/.test(condition.message ?? "")) continue;
      return {
        summary: `The nodes that it could use are full: ${short.join(", ")}.`,
        likelihood: 0.8,
        evidence: [told(pod, condition), ...requests(pod)],
        next: [
          { text: "See what is used", command: "kubectl describe nodes | grep -A8 'Allocated resources'" },
          change("Let the pool grow, or ask for less", "mcpaas:cluster.userPool.maxCount", "<number>"),
        ],
      };
    }
    return undefined;
  },
};

/** The scheduler says no, in its own words. */
export const unschedulable: Cause = {
  id: "unschedulable",
  roles: WITH_PODS,
  judge(_cluster, subject) {
    const [first] = unscheduled(subject);
    if (first === undefined) return undefined;
    return {
      summary: "Its pod finds no node.",
      likelihood: 0.6,
      evidence: [told(first.pod, first.condition)],
      next: [{ text: "See what the scheduler says", command: describe("pod", first.pod) }],
    };
  },
};

/** The nodes that a pod may be on by its labels. */
function candidates(cluster: Cluster, { spec }: Pod): Node[] | undefined {
  return cluster.list("nodes")?.filter((node) => isReady(node) && fitsLabels(spec, node));
}

function told(pod: Pod, condition: Condition): Evidence {
  return ofCondition(ref("pod", pod), condition);
}

function requests(pod: Pod): Evidence[] {
  return (pod.spec?.containers ?? []).flatMap(({ name, resources }) =>
    resources?.requests
      ? [
          {
            object: ref("pod", pod),
            field: `requests of ${name}`,
            value: Object.entries(resources.requests)
              .map(([key, value]) => `${key} ${value}`)
              .join(", "),
          },
        ]
      : [],
  );
}
