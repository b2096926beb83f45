import { AUTOSCALER_STATUS, groupsOf, groupText, type NodeGroup, nodeGroups, poolOf } from "../autoscaler.ts";
import type { Cluster } from "../cluster.ts";
import { type Cause, counted, type Evidence, ofEvent, type Step } from "../finding.ts";
import { isReady } from "../matching.ts";
import { podEvents, unscheduled } from "../podState.ts";
import { change, poolSetting } from "../settings.ts";
import { type Subject, titleOf } from "../subject.ts";
import { ON_NODES } from "./roles.ts";

const SELECTOR_FIELD: Partial<Record<Subject["role"], string>> = {
  set: "spec.labelSelector",
  rag: "spec.compute.labelSelector",
};

/** No node has the labels, and the pool that would have them keeps none. */
export const poolAtZero: Cause = {
  id: "pool-at-zero",
  roles: ON_NODES,
  explains: [
    "no-matching-node",
    "node-selector-unmatched",
    "reconcile-error",
    "unschedulable",
    "replica-refused",
    "replica-not-ready",
    "not-reconciled",
  ],
  judge(cluster, subject) {
    if (subject.provisions || subject.nodes?.length !== 0) return undefined;
    const status = cluster.snapshot.autoscalerStatus;
    const own = groupsOf(cluster, subject) ?? [];
    // A selector that doesn't name its pool: a pool for GPUs is the next best guess.
    const guess = nodeGroups(status ?? "").filter((group) => /gpu|^n[cdv]/.test(poolOf(group)));
    const empty = (own.length > 0 ? own : guess).filter(({ target, min }) => target === 0 && min === 0);
    if (empty.length === 0) return undefined;
    // A pod that waits does ask for a node; it may be on its way.
    const [told] = podEvents(cluster, subject, /^(NotTriggerScaleUp|TriggeredScaleUp)$/);
    const asked = unscheduled(subject).length > 0;
    return {
      summary: asked
        ? "The GPU pool has no node now. Its pod asks the autoscaler for one, which takes minutes where it can be had."
        : "The GPU pool has no node and keeps none. KAITO makes a model's pods only when its nodes are there, so the autoscaler is never asked for one.",
      likelihood: asked ? 0.85 : own.length > 0 ? 0.97 : 0.8,
      evidence: [
        ...(told ? [ofEvent(cluster, told)] : []),
        ...empty.map((group) => ({
          object: AUTOSCALER_STATUS,
          field: `nodeGroups[${group.name}]`,
          value: groupText(group),
        })),
        selectorEvidence(cluster, subject),
      ],
      next: [keepNodes(subject, empty)],
    };
  },
};

/** No node has the labels. */
export const noMatchingNode: Cause = {
  id: "no-matching-node",
  roles: ON_NODES,
  explains: [
    "reconcile-error",
    "node-selector-unmatched",
    "unschedulable",
    "replica-refused",
    "replica-not-ready",
  ],
  judge(cluster, subject) {
    const { nodes, selector = {}, provisions } = subject;
    if (provisions || nodes?.length !== 0) return undefined;
    return {
      summary: `No node has the labels ${labelText(selector)}.`,
      likelihood: 0.93,
      evidence: [selectorEvidence(cluster, subject), ...nearMisses(cluster, selector)],
      next: [
        {
          text: "See which labels the nodes have",
          command: `kubectl get nodes -L ${Object.keys(selector).join(",")}`,
        },
        keepNodes(subject),
      ],
    };
  },
};

/** There are nodes, but fewer than the model is spread over. */
export const tooFewNodes: Cause = {
  id: "too-few-nodes",
  roles: ["inference"],
  explains: ["reconcile-error", "unschedulable", "still-starting"],
  judge(cluster, subject) {
    const { nodes = [], workspace, provisions } = subject;
    const wanted = workspace?.status?.targetNodeCount ?? 0;
    const ready = nodes.filter(isReady).length;
    if (provisions || nodes.length === 0 || ready < nodes.length || ready >= wanted) return undefined;
    return {
      summary: `The model is spread over ${counted(wanted, "node")}, and only ${counted(ready, "node")} has its labels.`,
      likelihood: 0.92,
      evidence: [
        { object: titleOf(subject), field: "status.targetNodeCount", value: String(wanted) },
        selectorEvidence(cluster, subject),
      ],
      next: [
        change(
          "Keep as many nodes as it needs, or use a VM size with more GPU memory",
          `${poolSetting(subject)}.minCount`,
          wanted,
        ),
      ],
    };
  },
};

function selectorEvidence(cluster: Cluster, subject: Subject): Evidence {
  const { role, selector = {}, nodes = [] } = subject;
  const all = cluster.list("nodes")?.length ?? 0;
  return {
    object: titleOf(subject),
    field: SELECTOR_FIELD[role] ?? "resource.labelSelector",
    value: `${labelText(selector)} (${nodes.length} of ${counted(all, "node")})`,
  };
}

/** The values that nodes do have for the labels that are asked for: a misspelt one is seen at once. */
function nearMisses(cluster: Cluster, selector: Record<string, string>): Evidence[] {
  return Object.keys(selector).map((key) => {
    const values = new Set(cluster.seen("nodes").flatMap(({ metadata }) => metadata.labels?.[key] ?? []));
    return {
      object: "nodes",
      field: `label ${key}`,
      value: values.size > 0 ? `only ${[...values].sort().join(", ")}` : "on no node",
    };
  });
}

/** Not every pool is this project's, so the setting is named in words, too. */
function keepNodes(subject: Subject, groups: readonly NodeGroup[] = []): Step {
  const pools = groups.map(poolOf);
  const setting = `${poolSetting(subject)}.minCount`;
  return change(
    `Let the GPU pool${pools.length > 0 ? ` (${pools.join(", ")})` : ""} keep a node: the setting ${setting}, 1 or more`,
    setting,
    1,
  );
}

export function labelText(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
