import { busy, incident, rush } from "./day.ts";
import { at, count, over, type PanelSample } from "./series.ts";
import { NODES } from "./world.ts";

const cpu: Record<string, (hour: number) => number> = {
  "aks-system-0": (hour) => 0.24 + 0.12 * busy(hour),
  "aks-system-1": (hour) => 0.19 + 0.1 * busy(hour),
  "aks-user-0": (hour) => 0.16 + 0.46 * busy(hour),
  "aks-user-1": (hour) => 0.12 + 0.38 * busy(hour) + 0.08 * incident(hour),
  "aks-gpu-0": (hour) => 0.07 + 0.14 * busy(hour) + 0.1 * rush(hour),
};
const memory: Record<string, number> = {
  "aks-system-0": 0.61,
  "aks-system-1": 0.55,
  "aks-user-0": 0.68,
  "aks-user-1": 0.52,
  "aks-gpu-0": 0.38,
};
const nodes = Object.values(NODES).flat();

export const healthSample: Record<string, PanelSample> = {
  "nodes-not-ready": { series: [count({}, () => 0)] },
  "pods-not-ready": { series: [count({}, (hour) => (hour > 9 && hour < 9.3 ? 2 : hour > 15.2 ? 1 : 0))] },
  restarts: { series: [count({}, (hour) => (hour > 15.1 && hour < 16.2 ? 2 : 0))] },
  "targets-down": { series: [count({}, () => 0)] },
  "node-cpu": { series: nodes.map((instance) => over({ instance }, cpu[instance] ?? (() => 0))) },
  "node-memory": {
    series: nodes.map((instance) =>
      over({ instance }, (hour) => (memory[instance] ?? 0) + 0.05 * busy(hour), 0.01),
    ),
  },
  "waiting-containers": {
    series: [at({ namespace: "chat", container: "open-webui", reason: "CrashLoopBackOff" }, 1)],
  },
  volumes: {
    series: [
      at({ namespace: "chat", persistentvolumeclaim: "data-chat-postgresql-0" }, 0.83),
      at({ namespace: "chat", persistentvolumeclaim: "chat-uploads" }, 0.41),
      at({ namespace: "mcp", persistentvolumeclaim: "innovation-engine-reports" }, 0.17),
    ],
  },
  "reconcile-errors": {
    series: [
      over({ job: "kaito", controller: "workspace" }, (hour) => (hour > 8.6 && hour < 8.9 ? 0.07 : 0), 0.4),
      over({ job: "kmcp", controller: "mcpserver" }, (hour) => (hour > 9 && hour < 9.15 ? 0.04 : 0), 0.4),
    ],
  },
};
