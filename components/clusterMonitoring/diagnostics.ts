import type { DiagnosticSettingArgs } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import type * as pulumi from "@pulumi/pulumi";
import { InputPropertyError } from "../validation.ts";

/**
 * What the control plane of a cluster can tell. `kube-audit` is every request, by far the most of it;
 * `kube-audit-admin` leaves out those that only read.
 * Source: https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs
 */
export const CLUSTER_CATEGORIES = [
  "cloud-controller-manager",
  "cluster-autoscaler",
  "csi-azuredisk-controller",
  "csi-azurefile-controller",
  "csi-snapshot-controller",
  "guard",
  "kube-apiserver",
  "kube-audit",
  "kube-audit-admin",
  "kube-controller-manager",
  "kube-scheduler",
] as const;

/** A category of the cluster's logs, by Azure's name. @useDeclaredType */
export type ClusterCategory = (typeof CLUSTER_CATEGORIES)[number];

/** Source: https://learn.microsoft.com/azure/container-registry/monitor-container-registry-reference#resource-logs */
export const REGISTRY_CATEGORIES = [
  "ContainerRegistryLoginEvents",
  "ContainerRegistryRepositoryEvents",
] as const;

/** A category of the registry's logs, by Azure's name. @useDeclaredType */
export type RegistryCategory = (typeof REGISTRY_CATEGORIES)[number];

/** What changed the cluster, who was let in by Entra ID, and why nodes came and went. */
export const DEFAULT_CLUSTER_CATEGORIES: readonly ClusterCategory[] = [
  "cluster-autoscaler",
  "guard",
  "kube-audit-admin",
];

/** Who signed in to the registry, and what was pushed, pulled and deleted. */
export const DEFAULT_REGISTRY_CATEGORIES: readonly RegistryCategory[] = REGISTRY_CATEGORIES;

/** Refuses a category twice, which Azure does with a message that doesn't say which. */
export function refuseTwice(path: string, categories: readonly string[]): void {
  const twice = categories.find((category, i) => categories.indexOf(category) !== i);
  if (twice !== undefined) throw new InputPropertyError(path, `names ${twice} twice; leave out one of them`);
}

/** One resource's logs to the workspace. Audits have both categories at once only to be paid twice. */
export function diagnosticArgs(
  name: string,
  resourceUri: pulumi.Input<string>,
  workspaceId: pulumi.Input<string>,
  categories: readonly string[],
  tables: "own" | "azures",
): DiagnosticSettingArgs {
  return {
    name,
    resourceUri,
    workspaceId,
    // Tables of the cluster's own: cheaper to query, with columns, and such as can be made Basic.
    ...(tables === "own" ? { logAnalyticsDestinationType: "Dedicated" } : {}),
    logs: categories.map((category) => ({ category, enabled: true })),
  };
}
