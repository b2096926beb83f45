import { nodeLabel } from "../../../components/metrics.ts";
import { busy, incident, rush } from "./day.ts";
import { at, count, over, type PanelSample } from "./series.ts";
import { failingOf } from "./world.ts";

const pool = nodeLabel("kubernetes.azure.com/agentpool");
const size = nodeLabel("node.kubernetes.io/instance-type");
const nodes = (name: string, vm: string, curve: (hour: number) => number) =>
  count({ [pool]: name, [size]: vm }, curve);

/** What is left of a budget: it falls by what fails, above all in the bad half hour. */
const budget = (start: number, everyday: number, step: number) => (hour: number) =>
  start - (everyday * hour) / 24 - step * Math.min(1, Math.max(0, (hour - 14.1) / 0.6));

const subjects = [
  {
    labels: { objective: "mcp-availability", server: "open-websearch", workspace: "" },
    left: budget(0.62, 0.02, 0.36),
  },
  {
    labels: { objective: "mcp-availability", server: "innovation-engine", workspace: "" },
    left: budget(0.81, 0.02, 0),
  },
  {
    labels: { objective: "mcp-latency", server: "open-websearch", workspace: "" },
    left: budget(0.7, 0.02, 0.05),
  },
  {
    labels: { objective: "model-availability", server: "", workspace: "phi-4-mini" },
    left: budget(0.93, 0.01, 0),
  },
  { labels: { objective: "model-latency", server: "", workspace: "phi-4-mini" }, left: budget(0.5, 0.06, 0) },
  { labels: { objective: "chat-ready", server: "", workspace: "" }, left: budget(0.97, 0, 0) },
];

const gigabyte = 2 ** 30;

export const platformSample: Record<string, PanelSample> = {
  "error-budgets": {
    series: subjects
      .map(({ labels, left }) => at(labels, left(15.5)))
      .sort((one, other) => (one.values[0] ?? 0) - (other.values[0] ?? 0)),
  },
  "error-budget-course": { series: subjects.map(({ labels, left }) => over(labels, left, 0)) },
  "error-ratios": {
    series: [
      over(subjects[0]?.labels ?? {}, (hour) => failingOf("open-websearch", hour - 0.3), 0.1),
      over(subjects[4]?.labels ?? {}, (hour) => 0.012 + 0.16 * rush(hour - 0.3), 0.1),
      over(subjects[2]?.labels ?? {}, (hour) => 0.008 + 0.05 * incident(hour - 0.3), 0.2),
    ],
  },
  "gateway-requests": {
    series: [
      over({ response_code: "200" }, (hour) => 9 * busy(hour)),
      over({ response_code: "304" }, (hour) => 3.5 * busy(hour)),
      over({ response_code: "101" }, (hour) => 0.4 * busy(hour)),
      over({ response_code: "401" }, (hour) => 0.12 * busy(hour) + 0.05, 0.6),
      over({ response_code: "503" }, (hour) => (hour > 15.1 && hour < 15.4 ? 0.6 : 0), 0.5),
    ],
  },
  "gateway-latency": {
    series: [
      over({ destination_service_name: "chat" }, (hour) => 0.32 + 0.3 * busy(hour)),
      over(
        { destination_service_name: "open-websearch" },
        (hour) => 2.1 + 0.9 * busy(hour) + 3 * incident(hour),
      ),
    ],
  },
  certificates: {
    series: [
      at({ exported_namespace: "chat", name: "chat-tls" }, 17.2),
      at({ exported_namespace: "mcp", name: "mcp-tls" }, 61.5),
    ],
  },
  "quota-headroom": {
    rows: [
      ["Total Regional vCPUs", 0.14],
      ["Standard NCADS_A100_v4 Family vCPUs", 0.5],
      ["Standard DASv5 Family vCPUs", 0.92],
    ],
  },
  "quota-usage": {
    rows: [
      ["Total Regional vCPUs", "eastus", 43, 50, 7],
      ["Standard NCADS_A100_v4 Family vCPUs", "eastus", 24, 48, 24],
      ["Standard DASv5 Family vCPUs", "eastus", 8, 100, 92],
    ],
  },
  "nodes-by-pool": {
    series: [
      nodes("system", "Standard_D2as_v5", () => 2),
      nodes("user", "Standard_D2as_v5", (hour) => (hour > 8.4 && hour < 18.6 ? 2 : 1)),
      nodes("gpu", "Standard_NC24ads_A100_v4", () => 1),
    ],
  },
  "requested-cpu": {
    series: [
      over({ [pool]: "system" }, () => 0.58, 0.01),
      over({ [pool]: "user" }, (hour) => (hour > 8.4 && hour < 18.6 ? 0.52 : 0.74), 0.01),
      over({ [pool]: "gpu" }, () => 0.21, 0.01),
    ],
  },
  "gpu-idle": { series: [at({ node: "aks-gpu-0", gpu: "0" }, 0.54)] },
  "log-volume": {
    series: [
      over({ DataType: "ContainerLogV2" }, (hour) => 0.006 + 0.055 * busy(hour)),
      over({ DataType: "KubePodInventory" }, () => 0.009, 0.02),
      over({ DataType: "AKSAuditAdmin" }, (hour) => 0.004 + 0.004 * busy(hour)),
      over({ DataType: "KubeEvents" }, () => 0.0008, 0.3),
    ],
  },
  "claims-by-class": {
    series: [
      at({ storageclass: "managed-csi" }, 40 * gigabyte),
      at({ storageclass: "azurefile-csi" }, 20 * gigabyte),
    ],
  },
  callers: {
    rows: [
      ["chat", "open-websearch", 41_210, 0, 596, "15:29:58"],
      ["team", "open-websearch", 9_834, 12, 88, "15:29:41"],
      ["team", "innovation-engine", 6_120, 41, 9, "15:28:03"],
      ["chat", "innovation-engine", 4_702, 0, 3, "15:29:12"],
      ["nightly-report", "echo", 288, 0, 0, "15:25:00"],
    ],
  },
  denied: {
    rows: [
      ["15:12:44", "team", "innovation-engine", "execute_document"],
      ["14:58:10", "team", "innovation-engine", "execute_document"],
      ["11:03:27", "team", "open-websearch", "fetchWebContent"],
      ["03:18:02", "nightly-report", "innovation-engine", "execute_document"],
    ],
  },
};
