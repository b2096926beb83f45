import type * as pulumi from "@pulumi/pulumi";
import type { AuditArgs } from "./logAlerts.ts";
import type { QuietWindow } from "./maintenance.ts";
import type { ObjectivesArgs } from "./objectives.ts";
import type { Receiver } from "./receivers.ts";
import type { ThresholdArgs, Watched } from "./watched.ts";

/** Arguments of {@link PlatformAlerts}. */
export interface PlatformAlertsArgs {
  /** The resource group that holds all of it. */
  resourceGroupName: pulumi.Input<string>;
  /** The region of the workspaces: rules must be where their data are. */
  location: pulumi.Input<string>;
  /** Name of the cluster, which is the label `cluster` of its metrics; the names of what is made have it too. */
  clusterName: string;
  /** ARM id of the cluster: a workspace may have the metrics of several. */
  clusterId: pulumi.Input<string>;
  /** ARM id of the Azure Monitor workspace with the metrics. @default - none: no alerts on metrics */
  azureMonitorWorkspaceId?: pulumi.Input<string>;
  /** ARM id of the Log Analytics workspace with the logs. @default - none: no alerts on logs, and none on quota */
  logAnalyticsWorkspaceId?: pulumi.Input<string>;
  /** What there is to watch. */
  watched: Watched;
  /** What the platform promises. @default - see ObjectivesArgs */
  objectives?: ObjectivesArgs;
  /** How much is too much. @default - see ThresholdArgs */
  thresholds?: ThresholdArgs;
  /** Whom to tell, by a name. @default - nobody: alerts are seen in Azure only */
  receivers?: Record<string, Receiver>;
  /**
   * Address of the folder that holds this project's files, below which docs/runbooks are read, for example
   * "https://github.com/example/mcpaas/blob/main". @default - alerts name the path in the project
   */
  runbookBase?: string;
  /** The namespace whose guards' audit is watched, and what is unusual in it. @default - none: no alerts on the audit */
  audit?: AuditArgs & { namespace: string };
  /** Watch the region's quota of cores, with an identity that may read the subscription. @default true with logs */
  quota?: boolean;
  /** Times in which nobody is told. @default - none */
  quietWindows?: QuietWindow[];
  /** The subscription. @default - that of the provider */
  subscriptionId?: pulumi.Input<string>;
  /** @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
