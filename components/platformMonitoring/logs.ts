import type { DataCollectionRuleArgs } from "@pulumi/azure-native/monitor/dataCollectionRule.js";
import type { WorkspaceArgs } from "@pulumi/azure-native/operationalinsights/workspace.js";
import type * as pulumi from "@pulumi/pulumi";
import { DNS_LABEL } from "../forms.ts";
import { ensure, matches, wholeNumber } from "../validation.ts";
import type { LogsArgs } from "./args.ts";

/** How much of a cluster Container Insights sends. */
export type LogPreset = "logs" | "workloads" | "all";

const LOGS = ["Microsoft-ContainerLogV2", "Microsoft-KubeEvents", "Microsoft-KubePodInventory"];
const WORKLOADS = [
  ...LOGS,
  "Microsoft-KubeNodeInventory",
  "Microsoft-KubePVInventory",
  "Microsoft-KubeServices",
  "Microsoft-KubeMonAgentEvents",
  "Microsoft-ContainerInventory",
  "Microsoft-ContainerNodeInventory",
];

/**
 * The streams of each preset. "logs" is what Microsoft recommends beside managed Prometheus.
 * Source: the streams of scripts/onboarding/aks/onboarding-msi-bicep/existingClusterParam.json of
 * microsoft/Docker-Provider, without Microsoft-ContainerLog, the older schema of the same lines.
 */
export const LOG_STREAMS: Readonly<Record<LogPreset, readonly string[]>> = {
  logs: LOGS,
  workloads: WORKLOADS,
  all: [...WORKLOADS, "Microsoft-InsightsMetrics", "Microsoft-Perf"],
};

/** Namespaces that the agent leaves out by itself when nobody says anything. */
export const DEFAULT_EXCLUDED_NAMESPACES: readonly string[] = ["kube-system", "gatekeeper-system"];

/** The namespaces of which nothing is sent, each a name. */
export function excludedNamespaces(logs: LogsArgs): string[] {
  const excluded = logs.excludedNamespaces ?? [...DEFAULT_EXCLUDED_NAMESPACES];
  for (const [i, namespace] of excluded.entries()) {
    ensure(`logs.excludedNamespaces[${i}]`, namespace, matches(DNS_LABEL));
  }
  return excluded;
}

/** The workspace's own arguments: what it keeps, for how long, and how much a day. */
export function logWorkspaceArgs(logs: LogsArgs): Omit<WorkspaceArgs, "resourceGroupName"> {
  const { retentionDays = 30, dailyCapGb } = logs;
  ensure("logs.retentionDays", retentionDays, wholeNumber(30, 730));
  if (dailyCapGb !== undefined) ensure("logs.dailyCapGb", dailyCapGb, dailyCap);
  return {
    sku: { name: "PerGB2018" },
    retentionInDays: retentionDays,
    // -1 is no limit, and said, so that taking the limit out of the settings takes it away.
    workspaceCapping: { dailyQuotaGb: dailyCapGb ?? -1 },
    features: {
      // Agents sign in with the cluster's identity, and nothing with the workspace's shared keys.
      disableLocalAuth: true,
      // Who may read a resource may read its logs.
      enableLogAccessUsingOnlyResourcePermissions: true,
    },
  };
}

const dailyCap = (gb: number) =>
  Number.isFinite(gb) && gb >= 0.1 ? undefined : `${gb} is not allowed; it must be 0.1 or more, in GB`;

const DESTINATION = "ciworkspace";

/** What Container Insights sends to the workspace. Source: the same template, API version 2022-06-01. */
export function logsRuleArgs(
  logs: LogsArgs,
  workspaceId: pulumi.Input<string>,
): Omit<DataCollectionRuleArgs, "resourceGroupName"> {
  const { preset = "logs", intervalMinutes = 5 } = logs;
  const streams = [...LOG_STREAMS[preset]];
  const excluded = excludedNamespaces(logs);
  ensure("logs.intervalMinutes", intervalMinutes, wholeNumber(1, 30));
  return {
    kind: "Linux",
    description: "What Container Insights sends of the cluster",
    dataSources: {
      extensions: [
        {
          name: "ContainerInsightsExtension",
          extensionName: "ContainerInsights",
          streams,
          extensionSettings: {
            dataCollectionSettings: {
              interval: `${intervalMinutes}m`,
              namespaceFilteringMode: excluded.length > 0 ? "Exclude" : "Off",
              namespaces: excluded,
              enableContainerLogV2: true,
            },
          },
        },
      ],
    },
    destinations: { logAnalytics: [{ name: DESTINATION, workspaceResourceId: workspaceId }] },
    dataFlows: [{ streams, destinations: [DESTINATION] }],
  };
}
