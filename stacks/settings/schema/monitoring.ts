import { z } from "zod";
import {
  CLUSTER_CATEGORIES,
  DEFAULT_CLUSTER_CATEGORIES,
  DEFAULT_REGISTRY_CATEGORIES,
  REGISTRY_CATEGORIES,
} from "../../../components/clusterMonitoring/diagnostics.ts";
import { DNS_LABEL, GUID, PINNED_IMAGE } from "../../../components/forms.ts";
import { DCGM_IMAGE } from "../../../components/gpuMetrics/pod.ts";
import { DEFAULT_EXCLUDED_NAMESPACES } from "../../../components/platformMonitoring/logs.ts";
import { resources, text } from "./fields.ts";

/** People, groups or services of Entra ID. */
const principals = z.array(
  z.strictObject({
    objectId: text(GUID).meta({ description: "Object id in Entra ID", example: GUID.example }),
    principalType: z
      .enum(["User", "Group", "ServicePrincipal"])
      .meta({ description: "What it is", example: "Group" }),
  }),
);

const logs = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: "Keep logs in a Log Analytics workspace", example: false }),
    retentionDays: z.int().min(30).max(730).default(30).meta({
      description: "How long logs are kept; the first 31 days are in the price of ingestion",
      example: 90,
      unit: "days",
    }),
    dailyCapGb: z.number().min(0.1).max(100_000).optional().meta({
      description:
        "GB a day at most; what comes after is lost, and alerts on logs are blind until the next day",
      example: 5,
      unit: "GB",
      otherwise: "no limit",
    }),
    preset: z
      .enum(["logs", "workloads", "all"])
      .default("logs")
      .meta({
        description:
          "What Container Insights sends: output of containers, warnings and pods; inventories of all workloads " +
          "besides; performance counters besides, which metrics have for less",
        example: "workloads",
      }),
    intervalMinutes: z.int().min(1).max(30).default(5).meta({
      description: "Between two inventories; output of containers is sent at once",
      example: 10,
      unit: "minutes",
    }),
    excludedNamespaces: z
      .array(text(DNS_LABEL))
      .default([...DEFAULT_EXCLUDED_NAMESPACES])
      .meta({
        description: "Namespaces of which nothing is sent",
        example: ["kube-system", "gatekeeper-system", "team-a"],
        allowed: "a list of namespaces",
      }),
    clusterCategories: z
      .array(z.enum(CLUSTER_CATEGORIES))
      .default([...DEFAULT_CLUSTER_CATEGORIES])
      .meta({
        description:
          "Logs of the cluster's control plane; kube-audit has every request and is most of the cost",
        example: ["kube-audit", "guard"],
        allowed: `a list of ${CLUSTER_CATEGORIES.join(", ")}`,
      }),
    registryCategories: z
      .array(z.enum(REGISTRY_CATEGORIES))
      .default([...DEFAULT_REGISTRY_CATEGORIES])
      .meta({
        description: "Logs of the registry",
        example: ["ContainerRegistryLoginEvents"],
        allowed: `a list of ${REGISTRY_CATEGORIES.join(", ")}`,
      }),
  })
  .prefault({});

const metrics = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: "Managed Prometheus; dashboards and most alerts need it", example: false }),
    intervalSeconds: z.int().min(15).max(60).default(30).meta({
      description: "Between two scrapes of a target; half of it is twice the samples, and twice the cost",
      example: 60,
      unit: "seconds",
    }),
    minimal: z.boolean().default(true).meta({
      description: "Keep what the catalogue of metrics knows; false keeps all that exporters say",
      example: false,
    }),
  })
  .prefault({});

const gpu = z
  .strictObject({
    enabled: z.boolean().optional().meta({
      description: "Run NVIDIA's exporter of GPU metrics on GPU nodes; false where something else does",
      example: false,
      otherwise: "true with GPU nodes that have AKS's driver",
    }),
    namespace: text(DNS_LABEL)
      .default("gpu-metrics")
      .meta({ description: "Namespace that is made for it", example: "gpu-metrics" }),
    image: text(PINNED_IMAGE).default(DCGM_IMAGE).meta({
      description: "Its image, for a mirror",
      example: "example.azurecr.io/nvidia/dcgm-exporter:4.5.3",
    }),
    imagePullSecrets: z
      .array(text(DNS_LABEL))
      .optional()
      .meta({
        description: "Secrets of that namespace to pull it with",
        example: ["mirror"],
        otherwise: "none",
      }),
    resources,
  })
  .prefault({});

const grafana = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description: "A managed Grafana besides the dashboard in the Azure portal; it costs by the hour",
      example: true,
    }),
    majorVersion: text({ pattern: /^\d{1,2}$/, words: "a number in quotes" })
      .optional()
      .meta({ description: "Grafana's version", example: "12", otherwise: "Azure's newest" }),
    publicAccess: z.boolean().default(true).meta({
      description: "An address on the internet, for who signs in; false needs a private endpoint of yours",
      example: false,
    }),
    zoneRedundant: z.boolean().default(false).meta({
      description: "A copy in another zone, at extra cost; can't be changed later",
      example: true,
    }),
    administrators: principals.default([]).meta({
      description: "Who administers it",
      example: [{ objectId: GUID.example, principalType: "Group" }],
      allowed: "a list of principals of Entra ID; [] is whoever runs `pulumi up`",
    }),
  })
  .prefault({});

/** Logs and metrics of everything; docs/monitoring.md. */
export const monitoring = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .meta({ description: "Collect logs and metrics; see docs/monitoring.md", example: true }),
    logs,
    metrics,
    gpu,
    workbook: z
      .boolean()
      .default(true)
      .meta({ description: "An Azure workbook over the metrics", example: false }),
    dashboard: z.boolean().default(true).meta({
      description: "The Grafana dashboard in the Azure portal, free of charge",
      example: false,
    }),
    grafana,
    readers: principals.default([]).meta({
      description:
        "Who may look at dashboard, workbook, metrics and logs, besides those who have rights on the group",
      example: [{ objectId: GUID.example, principalType: "Group" }],
      allowed: "a list of principals of Entra ID",
    }),
  })
  .prefault({});

/** The settings of monitoring, checked. */
export type MonitoringSettings = z.output<typeof monitoring>;
