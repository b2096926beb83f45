import type * as pulumi from "@pulumi/pulumi";
import type { DashboardOptions } from "../dashboards.ts";
import type { ClusterCategory, RegistryCategory } from "./diagnostics.ts";
import type { ScrapeTarget } from "./scrapeJobs.ts";

/** Of what there is to watch in the logs of Azure's resources. */
export interface ClusterLogsArgs {
  /** ARM id of the workspace. */
  workspaceId: pulumi.Input<string>;
  /** ARM id of the rule of what Container Insights sends. */
  ruleId: pulumi.Input<string>;
  /** Namespaces whose containers' output isn't sent. @default ["kube-system", "gatekeeper-system"] */
  excludedNamespaces?: string[];
  /**
   * Logs of the control plane; [] for none.
   * @default ["cluster-autoscaler", "guard", "kube-audit-admin"]
   */
  clusterCategories?: ClusterCategory[];
  /** ARM id of the registry. @default - its logs aren't kept */
  registryId?: pulumi.Input<string>;
  /** Logs of the registry; [] for none. @default - both that there are */
  registryCategories?: RegistryCategory[];
}

/** Pods with a port that the agent is let in to. */
export interface MetricsOpening {
  /** Their namespace. */
  namespace: pulumi.Input<string>;
  /** Their labels. */
  podLabels: Record<string, string>;
  /** TCP port of the pods, 1 to 65535. */
  port: number;
}

/** What managed Prometheus collects. */
export interface ClusterMetricsArgs {
  /** ARM id of the workspace. */
  workspaceId: pulumi.Input<string>;
  /** ARM id of the rule of where metrics go. */
  ruleId: pulumi.Input<string>;
  /** What is scraped besides Azure's default targets. @default [] */
  targets?: ScrapeTarget[];
  /**
   * Pods that let nobody in by themselves: each gets a NetworkPolicy that lets the agent in, by a name in lower case
   * with which the policy's begins.
   * @default {}
   */
  openings?: Record<string, MetricsOpening>;
  /**
   * Seconds between two scrapes of a target, 15 to 60: more often costs more, and less often leaves rates over two
   * minutes without a value.
   * @default 30
   */
  intervalSeconds?: number;
  /**
   * Keep only series of the catalogue (components/metrics.ts), and Azure's minimal profile; false keeps all that
   * exporters say, which is several times as much.
   * @default true
   */
  minimal?: boolean;
}

/** Pages that show the metrics. */
export interface ClusterPagesArgs {
  /** An Azure workbook, free of charge. @default true */
  workbook?: boolean;
  /** The Grafana dashboard in the Azure portal ("dashboards with Grafana"), free of charge. @default true */
  dashboard?: boolean;
  /** Their title. @default "MCP platform" */
  title?: string;
  /** What the platform has: of what it hasn't nothing is shown. @default {} */
  features?: DashboardOptions["features"];
  /** Where the project's files are read, so that panels link to runbooks. @default - without links */
  runbookBase?: string;
}

/** Arguments of ClusterMonitoring. */
export interface ClusterMonitoringArgs {
  /** The resource group that holds what is made. */
  resourceGroupName: pulumi.Input<string>;
  /** The Azure region, that of the cluster. */
  location: pulumi.Input<string>;
  /** ARM id of the cluster, whose agents must be on (`monitoring` of AksWithGpuPool). */
  clusterId: pulumi.Input<string>;
  /** Its name. */
  clusterName: string;
  /** Logs; left out, none are collected. @default - none */
  logs?: ClusterLogsArgs;
  /** Metrics; left out, none are collected. @default - none */
  metrics?: ClusterMetricsArgs;
  /** Workbook and dashboard; there are none without metrics. @default {} */
  pages?: ClusterPagesArgs;
  /** Tags of every Azure resource made here. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
