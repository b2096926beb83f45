import { nodeLabel } from "../../metrics.ts";
import type { Section } from "../panel.ts";

const POOL = nodeLabel("kubernetes.azure.com/agentpool");
const SIZE = nodeLabel("node.kubernetes.io/instance-type");

export const cost: Section = {
  id: "cost",
  title: "Cost drivers",
  about:
    "What the bill is made of: nodes above all, then logs and volumes. docs/cost.md says what each costs.",
  panels: [
    {
      id: "nodes-by-pool",
      title: "Nodes by pool and size",
      tells: "Every node is paid for by the hour, busy or not.",
      kind: "areas",
      unit: "count",
      width: 12,
      query: {
        promql: ({ cluster }) => `count by (${POOL}, ${SIZE}) (kube_node_labels{${cluster}})`,
        legend: `{{${POOL}}} {{${SIZE}}}`,
      },
    },
    {
      id: "requested-cpu",
      title: "CPU that is asked for",
      tells:
        "Share of the nodes' CPU that pods reserve. Low with more nodes than the minimum: the pool is too large.",
      kind: "lines",
      unit: "ratio",
      width: 12,
      max: 1,
      query: {
        promql: ({ cluster }) =>
          `sum by (${POOL}) (sum by (cluster, node) (kube_pod_container_resource_requests{${cluster}, resource="cpu"}) ` +
          `* on (cluster, node) group_left (${POOL}) kube_node_labels{${cluster}}) / ` +
          `sum by (${POOL}) (kube_node_status_allocatable{${cluster}, resource="cpu"} ` +
          `* on (cluster, node) group_left (${POOL}) kube_node_labels{${cluster}})`,
        legend: `{{${POOL}}}`,
      },
    },
    {
      id: "gpu-idle",
      title: "GPU hours without work",
      tells: "Share of the last day in which a GPU computed nothing. It costs the same.",
      kind: "bars",
      unit: "ratio",
      width: 8,
      max: 1,
      needs: "gpu",
      thresholds: { when: "above", steps: [{ value: 0.8, level: "warning" }] },
      runbook: "gpu",
      query: {
        promql: ({ cluster }) =>
          `1 - avg_over_time((max by (node, gpu) (DCGM_FI_DEV_GPU_UTIL{${cluster}}) > bool 0)[1d:5m])`,
        legend: "{{node}} GPU {{gpu}}",
      },
    },
    {
      id: "log-volume",
      title: "Logs by table",
      tells:
        "Gigabytes that Log Analytics took in, by table and hour. Each is paid for; the daily cap ends it.",
      kind: "areas",
      unit: "gigabytes",
      width: 8,
      needs: "logs",
      query: {
        kql: [
          "Usage",
          "| where IsBillable",
          "| summarize gigabytes = sum(Quantity) / 1000.0 by bin(TimeGenerated, 1h), DataType",
          "| order by TimeGenerated asc",
        ].join("\n"),
        columns: ["TimeGenerated", "DataType", "gigabytes"],
      },
    },
    {
      id: "claims-by-class",
      title: "Volumes by class",
      tells: "What volume claims ask for is what is paid for, full or empty.",
      kind: "bars",
      unit: "bytes",
      width: 8,
      query: {
        promql: ({ namespaced }) =>
          "sum by (storageclass) " +
          `(kube_persistentvolumeclaim_resource_requests_storage_bytes{${namespaced}} ` +
          "* on (cluster, namespace, persistentvolumeclaim) group_left (storageclass) " +
          `kube_persistentvolumeclaim_info{${namespaced}})`,
        legend: "{{storageclass}}",
      },
    },
  ],
};
