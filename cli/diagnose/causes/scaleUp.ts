import { AUTOSCALER_STATUS, groupsOf, groupText } from "../autoscaler.ts";
import type { Cluster } from "../cluster.ts";
import { type Cause, type Evidence, type Finding, ofCondition, ofEvent, type Step } from "../finding.ts";
import { podEvents, unscheduled } from "../podState.ts";
import { change, poolSetting } from "../settings.ts";
import type { Subject } from "../subject.ts";
import { claimsOf } from "./nodeClaim.ts";
import { ON_NODES } from "./roles.ts";

// Texts of Azure, from https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-resource-quota
// and error-sku-not-available, as the autoscaler, Karpenter and KAITO's gpu-provisioner pass them on.
const QUOTA = /quota|exceeding.{0,40}limits?|current limit: \d+/i;
const CAPACITY =
  /AllocationFailed|SkuNotAvailable|Overconstrained\w*AllocationRequest|OutOfCapacity|insufficient capacity|sufficient capacity|requested instance types were unavailable|NotAvailableForSubscription/i;

/** The subscription may not have another VM of this size. */
export const azureQuota: Cause = {
  id: "azure-quota",
  roles: ON_NODES,
  explains: [
    "unschedulable",
    "gpus-taken",
    "no-matching-node",
    "too-few-nodes",
    "nodeclaim-not-ready",
    "azure-capacity",
  ],
  judge: (cluster, subject) =>
    refusedFor(cluster, subject, QUOTA, {
      summary: "Azure refuses another node: the quota of the subscription is used up.",
      likelihood: 0.96,
      next: [
        {
          text: "See which quota, and which size would pass",
          command: "npm run select-sku -- --location <region> --gpus 1",
        },
        { text: "Ask for more", command: "az quota create --help" },
      ],
    }),
};

/** Azure has no such VM left, or doesn't let this subscription have one. */
export const azureCapacity: Cause = {
  id: "azure-capacity",
  roles: ON_NODES,
  explains: ["unschedulable", "gpus-taken", "no-matching-node", "too-few-nodes", "nodeclaim-not-ready"],
  judge: (cluster, subject) =>
    refusedFor(cluster, subject, CAPACITY, {
      summary: "Azure has no VM of this size to give in the region or zone now.",
      likelihood: 0.95,
      next: [
        {
          text: "Try later, without zones (the pool's setting zones), or with another size or region",
          command: "npm run select-sku -- --location <region> --gpus 1 --other-locations <regions>",
        },
      ],
    }),
};

/** The autoscaler would add a node, and may not. */
export const poolMaxSize: Cause = {
  id: "pool-max-size",
  roles: ["inference", "tuning", "rag", "mcp"],
  explains: ["unschedulable"],
  judge(cluster, subject) {
    if (unscheduled(subject).length === 0) return undefined;
    const [event] = podEvents(
      cluster,
      subject,
      /^NotTriggerScaleUp$/,
      /max node group size reached|max total nodes/,
    );
    const full = (groupsOf(cluster, subject) ?? []).filter(({ target, max }) => max > 0 && target >= max);
    if (event === undefined && full.length === 0) return undefined;
    const most = Math.max(0, ...full.map(({ max }) => max));
    const pool = subject.role === "mcp" ? "mcpaas:cluster.userPool" : poolSetting(subject);
    return {
      summary: "The node pool is as large as it may get.",
      likelihood: event ? 0.85 : 0.7,
      evidence: [
        ...(event ? [ofEvent(cluster, event)] : []),
        ...full.map((group) => ({
          object: AUTOSCALER_STATUS,
          field: `nodeGroups[${group.name}]`,
          value: groupText(group),
        })),
      ],
      next: [
        change(
          "Let it grow; the preview says whether the quota has room",
          `${pool}.maxCount`,
          most > 0 ? most + 1 : "<number>",
        ),
      ],
    };
  },
};

interface Verdict {
  summary: string;
  likelihood: number;
  next: Step[];
}

/** Whether anyone who makes nodes was refused with such words. */
function refusedFor(
  cluster: Cluster,
  subject: Subject,
  words: RegExp,
  verdict: Verdict,
): Finding | undefined {
  const needs = unscheduled(subject).length > 0 || (subject.nodes?.length ?? 1) === 0 || subject.provisions;
  const evidence = needs ? refusals(cluster, subject).filter(({ value = "" }) => words.test(value)) : [];
  return evidence.length > 0 ? { ...verdict, evidence: evidence.slice(0, 3) } : undefined;
}

function refusals(cluster: Cluster, subject: Subject): Evidence[] {
  const groups = groupsOf(cluster, subject) ?? [];
  const names = groups.map(({ name }) => name);
  const claims = claimsOf(cluster, subject);
  return [
    ...groups.flatMap(({ name, error }) =>
      error === undefined
        ? []
        : [{ object: AUTOSCALER_STATUS, field: `nodeGroups[${name}].scaleUp.backoffInfo`, value: error }],
    ),
    ...claims.flatMap((claim) =>
      (claim.status?.conditions ?? [])
        .filter(({ status }) => status !== "True")
        .map((condition) => ofCondition(`nodeclaim ${claim.metadata.name}`, condition)),
    ),
    ...claims.flatMap((claim) => cluster.events("NodeClaim", claim).map((event) => ofEvent(cluster, event))),
    ...podEvents(cluster, subject, /^FailedScaleUp$/).map((event) => ofEvent(cluster, event)),
    // The autoscaler tells of a group by an event about its own ConfigMap. Source: scaleup/orchestrator/executor.go.
    ...cluster
      .seen("events")
      .filter(
        ({ reason, message = "", involvedObject }) =>
          reason === "FailedToScaleUpGroup" &&
          involvedObject.name === "cluster-autoscaler-status" &&
          names.some((name) => message.includes(name)),
      )
      .map((event) => ofEvent(cluster, event)),
  ];
}
