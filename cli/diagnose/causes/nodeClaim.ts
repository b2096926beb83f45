import type { Cluster } from "../cluster.ts";
import { controllerLogs, repositoryOf } from "../controllers.ts";
import { type Cause, describe, ofCondition, ofEvent } from "../finding.ts";
import type { NodeClaim } from "../resources.ts";
import { conditionOf, type Subject, titleOf } from "../subject.ts";

/**
 * The nodes that KAITO wants for a subject. Sources: GenerateNodeClaimManifest (pkg/utils/nodeclaim) and
 * generateNodePool (pkg/nodeprovision/karpenter) of KAITO 0.11.0.
 */
export function claimsOf(cluster: Cluster, { name, namespace, role }: Subject): NodeClaim[] {
  return cluster
    .seen("nodeclaims")
    .filter(({ metadata: { labels = {} } }) =>
      role === "rag"
        ? labels["kaito.sh/ragengine"] === name && labels["kaito.sh/ragenginenamespace"] === namespace
        : (labels["kaito.sh/workspace"] === name && labels["kaito.sh/workspacenamespace"] === namespace) ||
          (labels["karpenter.kaito.sh/workspace-name"] === name &&
            labels["karpenter.kaito.sh/workspace-namespace"] === namespace),
    );
}

/** Who makes nodes for KAITO: its own gpu-provisioner, of which the add-on brings one, or Karpenter. */
const PROVISIONER = /(gpu-provisioner|karpenter)$/;

/** KAITO wants a node, and it isn't there. */
export const nodeClaimNotReady: Cause = {
  id: "nodeclaim-not-ready",
  roles: ["inference", "tuning", "rag"],
  explains: ["reconcile-error", "still-starting"],
  judge(cluster, subject) {
    if (!subject.provisions) return undefined;
    const claims = claimsOf(cluster, subject);
    const claim = claims.find(({ status }) => !(status?.conditions ?? []).some(isReady));
    const condition = conditionOf(subject, "NodeClaimReady");
    if (claim === undefined) {
      const [event] = subject.workspace
        ? cluster
            .events("Workspace", subject.workspace)
            .filter(({ reason }) => reason === "NodeClaimCreationFailed")
        : [];
      if (claims.length > 0 || condition?.status !== "False" || cluster.list("nodeclaims") === undefined)
        return undefined;
      return {
        summary: "KAITO has made no NodeClaim for the node that it needs.",
        likelihood: 0.7,
        evidence: [ofCondition(titleOf(subject), condition), ...(event ? [ofEvent(cluster, event)] : [])],
        next: [
          {
            text: "See what KAITO says",
            command: controllerLogs(cluster, subject.controller ?? "kaito", 200),
          },
        ],
      };
    }
    const open = (claim.status?.conditions ?? []).filter(({ status }) => status !== "True");
    const waits = cluster.since(claim.metadata.creationTimestamp);
    const unattended = open.length === 0 && provisionerIsMissing(cluster);
    return {
      summary: unattended
        ? "Nobody makes the node that KAITO wants: neither gpu-provisioner nor Karpenter runs in the cluster, unless AKS hosts it."
        : `The node that KAITO wants isn't there yet, after ${waits}.`,
      likelihood: unattended ? 0.8 : (cluster.age(claim.metadata.creationTimestamp) ?? 0) > 900 ? 0.85 : 0.6,
      evidence: [
        ...open.slice(0, 3).map((each) => ofCondition(`nodeclaim ${claim.metadata.name}`, each)),
        ...cluster
          .events("NodeClaim", claim)
          .slice(0, 2)
          .map((event) => ofEvent(cluster, event)),
        ...(open.length === 0
          ? [{ object: `nodeclaim ${claim.metadata.name}`, field: "status.conditions", value: "none" }]
          : []),
      ],
      next: [{ text: "See what it waits for", command: describe("nodeclaim", claim) }],
    };
  },
};

function isReady({ type, status }: { type: string; status: string }): boolean {
  return type === "Ready" && status === "True";
}

function provisionerIsMissing(cluster: Cluster): boolean {
  return (
    cluster
      .list("deployments")
      ?.every(({ spec }) =>
        (spec?.template?.spec?.containers ?? []).every(
          ({ image = "" }) => !PROVISIONER.test(repositoryOf(image).replace(/\/controller$/, "")),
        ),
      ) ?? false
  );
}
