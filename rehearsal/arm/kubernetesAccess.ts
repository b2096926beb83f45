import { isObject } from "../azure/values.ts";
import { clusterType } from "./agentPools.ts";
import type { Resource } from "./store.ts";
import { pick } from "./types/clusterDefaults.ts";
import type { World } from "./world.ts";

/** What the API server asks about, the parts of a SubjectAccessReview's spec that count here. */
interface Asked {
  user?: string;
  groups?: string[];
  resourceAttributes?: { namespace?: string; verb?: string; group?: string; resource?: string };
  nonResourceAttributes?: { verb?: string };
}

/** The status of a SubjectAccessReview; not allowed and not denied means: no opinion. */
interface Answer {
  allowed: boolean;
  reason?: string;
}

const reads = new Set(["get", "list", "watch"]);
/** API groups whose kinds Reader and Writer list one by one. Custom resources are in neither. */
const everyday = new Set([
  ...["", "apps", "autoscaling", "batch", "discovery.k8s.io", "events.k8s.io", "networking.k8s.io", "policy"],
]);
const adminOnly = new Set(["resourcequotas", "namespaces"]);

/**
 * Built-in roles by their GUIDs, as what they allow in a cluster. Source: dataActions and notDataActions of their
 * definitions, https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers
 */
const roles: Readonly<Record<string, (asked: Asked) => boolean>> = {
  // Azure Kubernetes Service RBAC Cluster Admin
  "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b": () => true,
  // Azure Kubernetes Service RBAC Admin
  "3498e952-d568-435e-9b2c-8d77e338d7f7": (asked) => isRead(asked) || !adminOnly.has(kindOf(asked)),
  // Azure Kubernetes Service RBAC Writer
  "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb": (asked) =>
    isEveryday(asked) && (isRead(asked) || !adminOnly.has(kindOf(asked))),
  // Azure Kubernetes Service RBAC Reader
  "7f6c6a51-bcf8-42ba-9220-52d62157d7db": (asked) =>
    isEveryday(asked) && isRead(asked) && kindOf(asked) !== "secrets",
};

/**
 * Answers the API server for users who signed in with Entra ID, as AKS does after Kubernetes' own RBAC had nothing
 * to say: members of the administrators' groups may do everything, and with Azure RBAC who has a role of the cluster,
 * what it is in, or one namespace of it. Source: https://learn.microsoft.com/azure/aks/manage-azure-rbac
 */
export function reviewAccess(world: World, review: unknown): unknown {
  const spec = (isObject(review) && isObject(review["spec"]) ? review["spec"] : {}) as Asked;
  const clusters = world.store
    .ofType(clusterType)
    .filter(({ body }) => isObject(body.properties["aadProfile"]));
  const answers = clusters.map((cluster) => judge(world, cluster, spec));
  const status: Answer = answers.find(({ allowed }) => allowed) ?? answers[0] ?? { allowed: false };
  return { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec, status };
}

function judge(world: World, cluster: Resource, asked: Asked): Answer {
  const profile = cluster.body.properties["aadProfile"];
  const groups = (pick(profile, "adminGroupObjectIDs") as string[] | undefined) ?? [];
  if (asked.groups?.some((group) => groups.includes(group))) {
    return { allowed: true, reason: "a member of a group that administers the cluster" };
  }
  if (pick(profile, "enableAzureRBAC") !== true) {
    return { allowed: false };
  }
  const principals = [asked.user, ...(asked.groups ?? [])];
  const { namespace } = asked.resourceAttributes ?? {};
  const place = `${cluster.id}${namespace ? `/namespaces/${namespace}` : ""}/`.toLowerCase();
  const allowed = world.store
    .ofType("Microsoft.Authorization/roleAssignments")
    .some(({ body: { properties } }) => {
      const role = roles[String(properties["roleDefinitionId"]).toLowerCase().split("/").at(-1) ?? ""];
      const scope = `${properties["scope"]}/`.toLowerCase();
      return (
        principals.includes(String(properties["principalId"])) && place.startsWith(scope) && role?.(asked)
      );
    });
  return allowed
    ? { allowed, reason: "Access allowed by Azure RBAC Role Assignment" }
    : {
        allowed: false,
        reason: "User does not have access to the resource in Azure. Update role assignment to allow access.",
      };
}

function kindOf({ resourceAttributes }: Asked): string {
  return resourceAttributes?.resource ?? "";
}

function isRead({ resourceAttributes, nonResourceAttributes }: Asked): boolean {
  return reads.has(resourceAttributes?.verb ?? nonResourceAttributes?.verb ?? "");
}

function isEveryday({ resourceAttributes }: Asked): boolean {
  return resourceAttributes?.namespace !== undefined && everyday.has(resourceAttributes.group ?? "");
}
