/** What a platform has, which decides the alerts that it gets: nobody watches what isn't there. */
export interface Watched {
  /** Namespaces whose pods are watched, those of models besides. */
  namespaces: readonly string[];
  /** Namespace of models, RAG engines and tuning jobs. @default - there are none */
  modelNamespace?: string;
  /** MCP servers with a guard, whose metrics are scraped as job "mcp-guard". @default false */
  mcp?: boolean;
  /** A server that asks search engines is among them. @default false */
  search?: boolean;
  /** Models whose metrics are scraped as job "vllm". @default false */
  models?: boolean;
  /** Nodes with GPUs. @default false */
  gpu?: boolean;
  /** The GPUs' metrics, as job "dcgm". @default false */
  gpuMetrics?: boolean;
  /** Tuning jobs. @default false */
  tuning?: boolean;
  /** The chat app's Deployment. @default - there is none */
  chat?: { namespace: string; deployment: string };
  /** Certificates of cert-manager. @default false */
  certificates?: boolean;
  /** A gateway of Istio's in front of the chat app, scraped as job "istio-gateway". @default false */
  istio?: boolean;
  /** Something scales by a HorizontalPodAutoscaler. @default false */
  autoscaling?: boolean;
  /** Jobs that must have targets, for example ["mcp-guard", "kmcp"]. @default - none */
  jobs?: readonly string[];
}

/** Limits of alerts that depend on what people think much. */
export interface ThresholdArgs {
  /** A GPU that computed nothing for so long costs money for nothing, in minutes, 15 to 1,440. @default 120 */
  gpuIdleMinutes?: number;
  /** A model's queue is long with so many requests, 1 to 10,000. @default 10 */
  queueLength?: number;
  /** A tuning job is over its time after so many hours, 1 to 720. @default 24 */
  tuningHours?: number;
  /** A certificate should have been renewed so many days before its end, 1 to 60. @default 14 */
  certificateDays?: number;
  /** A volume is nearly full with so little left, in percent, 1 to 50. @default 10 */
  volumeFreePercent?: number;
  /** Quota of cores runs out with so little left, in percent, 1 to 50. @default 20 */
  quotaFreePercent?: number;
}

/** What each threshold is when nobody says anything, and where it may be. */
export const THRESHOLDS = {
  gpuIdleMinutes: { default: 120, min: 15, max: 1440 },
  queueLength: { default: 10, min: 1, max: 10_000 },
  tuningHours: { default: 24, min: 1, max: 720 },
  certificateDays: { default: 14, min: 1, max: 60 },
  volumeFreePercent: { default: 10, min: 1, max: 50 },
  quotaFreePercent: { default: 20, min: 1, max: 50 },
} as const;

export type Thresholds = Required<ThresholdArgs>;
