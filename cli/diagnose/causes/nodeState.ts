import type { Cluster } from "../cluster.ts";
import { type Cause, counted, describe, type Evidence, ofCondition, ref, some } from "../finding.ts";
import { isOver, isReady } from "../matching.ts";
import type { Node } from "../objects.ts";
import type { Subject } from "../subject.ts";
import { ALL, WITH_PODS } from "./roles.ts";

/** The nodes that it needs aren't ready. */
export const nodeNotReady: Cause = {
  id: "node-not-ready",
  roles: ALL,
  explains: [
    "reconcile-error",
    "unschedulable",
    "no-gpu-on-node",
    "no-gpu-labels",
    "still-starting",
    "probe-failing",
    "replica-not-ready",
  ],
  judge(cluster, subject) {
    const nodes = concerned(cluster, subject);
    const bad = nodes.filter((node) => !isReady(node));
    const [first] = bad;
    const needed = Math.max(1, subject.workspace?.status?.targetNodeCount ?? 1);
    const enough =
      subject.role !== "gpu-nodes" && nodes.length - bad.length >= needed && !hasPodsOn(subject, bad);
    if (first === undefined || enough) return undefined;
    return {
      summary: `${counted(bad.length, "node")} of ${nodes.length} that it could use ${bad.length === 1 ? "is" : "are"} not ready: ${some(bad.map(({ metadata }) => metadata.name))}.`,
      likelihood: 0.92,
      evidence: bad.slice(0, 3).flatMap((node) => conditionsOf(cluster, node)),
      next: [
        { text: "See what the node says", command: describe("node", first) },
        {
          text: "A node that doesn't come back is replaced when its VM is deleted",
          command: "az vmss delete-instances -g <node resource group> -n <scale set> --instance-ids <id>",
        },
      ],
    };
  },
};

/** The nodes are ready, and closed to new pods. */
export const nodeCordoned: Cause = {
  id: "node-cordoned",
  roles: WITH_PODS,
  explains: ["unschedulable"],
  judge(_cluster, { nodes = [], pods }) {
    const ready = nodes.filter(isReady);
    const closed = ready.filter(({ spec }) => spec?.unschedulable);
    const waits = pods.some((pod) => !pod.spec?.nodeName && !isOver(pod));
    const [first] = closed;
    if (first === undefined || closed.length < ready.length || !waits) return undefined;
    return {
      summary: `Every node that it could use is cordoned: ${some(closed.map(({ metadata }) => metadata.name))}.`,
      likelihood: 0.93,
      evidence: closed
        .slice(0, 3)
        .map((node) => ({ object: ref("node", node), field: "spec.unschedulable", value: "true" })),
      next: [
        {
          text: "Open it again, unless it is being drained for an upgrade",
          command: `kubectl uncordon ${first.metadata.name}`,
        },
      ],
    };
  },
};

/** The nodes that labels select, or else those that the pods are on. */
function concerned(cluster: Cluster, { nodes, pods }: Subject): readonly Node[] {
  if (nodes !== undefined) return nodes;
  const names = new Set(pods.map(({ spec }) => spec?.nodeName));
  return cluster.seen("nodes").filter(({ metadata }) => names.has(metadata.name));
}

function hasPodsOn({ pods }: Subject, nodes: readonly Node[]): boolean {
  return pods.some(({ spec }) => nodes.some(({ metadata }) => metadata.name === spec?.nodeName));
}

/** What a kubelet or the node controller says: "Kubelet stopped posting node status." */
function conditionsOf(cluster: Cluster, node: Node): Evidence[] {
  const { conditions = [] } = node.status ?? {};
  const telling = conditions.filter(({ type, status }) =>
    type === "Ready" ? status !== "True" : status === "True",
  );
  const name = ref("node", node);
  return [
    ...telling.map((condition) => ({
      ...ofCondition(name, condition),
      ...(condition.lastTransitionTime
        ? {
            field: `condition ${condition.type}=${condition.status}, since ${cluster.since(condition.lastTransitionTime)}`,
          }
        : {}),
    })),
    ...(node.metadata.deletionTimestamp
      ? [{ object: name, field: "metadata.deletionTimestamp", value: node.metadata.deletionTimestamp }]
      : []),
  ].slice(0, 3);
}
