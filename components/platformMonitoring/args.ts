import type * as pulumi from "@pulumi/pulumi";
import type { Administrator } from "../aksWithGpuPool/entra.ts";
import type { LogPreset } from "./logs.ts";

/** Logs: the workspace that keeps them, and what of the cluster goes there. */
export interface LogsArgs {
  /** Days that logs are kept, 30 to 730. The first 31 are in the price of ingestion. @default 30 */
  retentionDays?: number;
  /**
   * GB that a day may bring, 0.1 or more. At the limit Azure stops taking logs until the next day: alerts on logs are
   * blind until then, and what was sent is lost.
   * @default - no limit
   */
  dailyCapGb?: number;
  /**
   * What Container Insights sends: "logs" the output of containers, Kubernetes' warnings and an inventory of pods;
   * "workloads" the inventories of nodes, Services, volumes and containers besides; "all" performance counters as well,
   * which managed Prometheus has for less.
   * @default "logs"
   */
  preset?: LogPreset;
  /** Minutes between two inventories, 1 to 30. Output of containers and events are sent at once. @default 5 */
  intervalMinutes?: number;
  /**
   * Namespaces of which nothing is sent, neither logs nor inventory; [] leaves out none.
   * @default ["kube-system", "gatekeeper-system"]
   */
  excludedNamespaces?: string[];
}

/** A managed Grafana with the metrics as a data source. */
export interface GrafanaArgs {
  /** "Standard" has an uptime agreement; "Essential" is no longer offered for new ones. @default "Standard" */
  sku?: "Standard";
  /** Grafana's major version. @default - Azure's newest */
  majorVersion?: string;
  /** Whether it answers on a public address, to those who sign in. @default true */
  publicAccess?: boolean;
  /** A second copy in another zone; at extra cost, and can't be changed later. @default false */
  zoneRedundant?: boolean;
  /** Who administers it. @default - whoever runs the program */
  administrators?: Administrator[];
}

/** Arguments of PlatformMonitoring. */
export interface PlatformMonitoringArgs {
  /** The resource group that holds what is made. */
  resourceGroupName: pulumi.Input<string>;
  /** The region of the workspaces, and of all that writes to them. */
  location: pulumi.Input<string>;
  /**
   * Name of the cluster that is watched, with which the names of what is made end: `log-<name>`, `amw-<name>`. Another
   * one replaces everything, with the data that is there.
   */
  clusterName: string;
  /** Logs in a Log Analytics workspace; "none" for none. @default {} */
  logs?: LogsArgs | "none";
  /** Managed Prometheus. @default true */
  metrics?: boolean;
  /** A managed Grafana; it needs the metrics. @default "none" */
  grafana?: GrafanaArgs | "none";
  /**
   * Who may look at dashboard, workbook, metrics and logs besides those who have rights on the resource group: Monitoring
   * Reader on that group, and Monitoring Data Reader on the metrics' workspace.
   * @default []
   */
  readers?: Administrator[];
  /** Pulumi refuses to delete or to replace the workspaces, with which their logs and metrics go. @default false */
  protect?: boolean;
  /** The subscription of the roles. @default - the one that the program works in */
  subscriptionId?: pulumi.Input<string>;
  /** Tags of every Azure resource made here. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
