import { apiServerPolicySpec } from "../network/apiServer.ts";
import { WEBHOOK_PORT } from "./values.ts";

/** Port on which the node feature master listens. Source: `master.service.port` of node-feature-discovery 0.15.3. */
const NODE_FEATURE_PORT = 8080;

/**
 * Lets the API server reach the webhook of a controller, and nobody else.
 *
 * @param chart name of the chart and of its release, by which its pods can be told
 * @param apiServerRanges addresses from which it calls, besides the agents'
 */
export function webhookPolicySpec(chart: string, apiServerRanges: string[]) {
  const podLabels = { "app.kubernetes.io/name": chart, "app.kubernetes.io/instance": chart };
  return apiServerPolicySpec(podLabels, WEBHOOK_PORT, apiServerRanges);
}

/** Lets the node feature workers reach their master. */
export function nodeFeaturePolicySpec() {
  const role = (of: "master" | "worker") => ({
    matchLabels: { "app.kubernetes.io/name": "node-feature-discovery", role: of },
  });
  return {
    podSelector: role("master"),
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ podSelector: role("worker") }],
        ports: [{ protocol: "TCP", port: NODE_FEATURE_PORT }],
      },
    ],
  };
}
