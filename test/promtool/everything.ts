import { objectivesOf } from "../../components/platformAlerts/objectives.ts";
import { ruleGroups, thresholdsOf } from "../../components/platformAlerts/rules.ts";
import type { Watched } from "../../components/platformAlerts/watched.ts";

/** A platform that has all there is to watch. */
export const EVERYTHING: Watched = {
  namespaces: ["mcp", "chat", "ingress"],
  modelNamespace: "models",
  mcp: true,
  search: true,
  models: true,
  gpu: true,
  gpuMetrics: true,
  tuning: true,
  chat: { namespace: "chat", deployment: "chat" },
  certificates: true,
  istio: true,
  autoscaling: true,
  jobs: ["mcp-guard", "vllm", "kmcp", "kaito", "dcgm", "cert-manager", "istio-gateway"],
};

/** All groups with the usual objectives and thresholds. */
export const ALL_GROUPS = ruleGroups(EVERYTHING, objectivesOf(), thresholdsOf());
