import type { Job } from "../metrics.ts";

/** The jobs that this project scrapes by its own configuration. @useDeclaredType */
export type ScrapedJob = Extract<
  Job,
  "mcp-guard" | "vllm" | "kmcp" | "kaito" | "dcgm" | "cert-manager" | "istio-gateway"
>;

/** A job, and where its pods are. */
export interface ScrapeTarget {
  /** Whose metrics they are. */
  job: ScrapedJob;
  /** Namespaces that the pods are in, one at least. */
  namespaces: string[];
}

/** How the pods of a job are found and asked. */
export interface ScrapeJob {
  /** Number of the container's port, which its pod must state: that is what tells the target apart. */
  port: number;
  /** Labels that the pods must have besides, with an expression for their values. */
  podLabels?: Readonly<Record<string, string>>;
  /** Label that the pods must have, whatever its value. */
  labelled?: string;
  /** Kinds of controllers whose pods aren't targets, such as "Job". */
  notOf?: readonly string[];
  /** Of a StatefulSet's pods the first alone; those of Deployments have no number, and are targets all. @default false */
  firstOfSet?: boolean;
  /** @default "/metrics" */
  path?: string;
  /** Labels of targets, by the pod's metadata that they come from. @default - namespace and pod */
  labels?: Readonly<Record<string, string>>;
  /** The exporter's own labels win over the target's: it speaks for other pods. @default false */
  honorLabels?: boolean;
}

/** Labels of most targets. */
export const OF_PODS = { namespace: "namespace", pod: "name" } as const;

/** KAITO's controllers. Source: the ports of charts/kaito/{workspace,ragengine}/templates/deployment.yaml. */
export const KAITO_METRICS_PORT = 8080;

/** KMCP's controller, when it serves metrics without TLS (KmcpInstall). */
export const KMCP_METRICS_PORT = 8080;

/** vLLM's API, which answers /metrics too. Source: PortInferenceServer in pkg/utils/consts of KAITO. */
export const VLLM_PORT = 5000;

/** Envoy's metrics in the pods of a Gateway. Source: files/kube-gateway.yaml of istio-discovery. */
export const ENVOY_METRICS_PORT = 15090;

/** NVIDIA's exporter. Source: `service.port` of deployment/values.yaml of NVIDIA/dcgm-exporter. */
export const DCGM_PORT = 9400;

/**
 * Every job of ours. Targets are pods, never Services: what a Service answers is one pod's numbers at a time, another's
 * each time.
 */
export const SCRAPE_JOBS: Readonly<Record<ScrapedJob, ScrapeJob>> = {
  "mcp-guard": { port: 9464 },
  vllm: {
    port: VLLM_PORT,
    // What KAITO serves models with; RAG engines have other labels. Tuning jobs have these, and state the port, on which
    // nothing listens; so do the workers of a model over several nodes, whose first pod answers for all.
    // Source: GenerateTuningJobManifest of pkg/workspace/manifests, preset_tuning.go of pkg/workspace/tuning and
    // buildMultiNodeRayCommand of pkg/model of KAITO v0.11.0.
    labelled: "kaito.sh/workspace",
    notOf: ["Job"],
    firstOfSet: true,
    labels: { ...OF_PODS, workspace: "label:kaito.sh/workspace" },
  },
  kmcp: { port: KMCP_METRICS_PORT },
  // Node feature discovery has the same port in the same namespace, for gRPC.
  kaito: { port: KAITO_METRICS_PORT, podLabels: { "app.kubernetes.io/name": "workspace|ragengine" } },
  // The exporter says whose GPU it is. A GPU that nobody has would have the exporter's own pod as its user.
  dcgm: { port: DCGM_PORT, labels: { node: "node_name" }, honorLabels: true },
  "cert-manager": { port: 9402 },
  "istio-gateway": {
    port: ENVOY_METRICS_PORT,
    path: "/stats/prometheus",
    labelled: "gateway.networking.k8s.io/gateway-name",
  },
};
