import { ipv4RangeRule } from "../ipRange.ts";
import { ensure, mustBe } from "../validation.ts";
import { WEBHOOK_PORT } from "./values.ts";

/**
 * Who calls webhooks: on AKS the API server does it through these pods, with their addresses.
 *
 * Source: the labels and the address as seen on AKS in https://github.com/tigera/operator/pull/5212; that overlay
 * clusters have them whatever else they have: release 2023-06-04 in https://github.com/Azure/AKS CHANGELOG.md.
 */
const KONNECTIVITY_AGENTS = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { app: "konnectivity-agent" } },
};

/** Port on which the node feature master listens. Source: `master.service.port` of node-feature-discovery 0.15.3. */
const NODE_FEATURE_PORT = 8080;

/**
 * Lets the API server reach the webhook of a controller, and nobody else.
 *
 * @param chart name of the chart and of its release, by which its pods can be told
 * @param apiServerRanges addresses from which it calls, besides the agents'
 */
export function webhookPolicySpec(chart: string, apiServerRanges: string[]) {
  const blocks = apiServerRanges.map((range, i) => ({
    ipBlock: { cidr: ensure(`apiServerRanges[${i}]`, range, mustBe(ipv4RangeRule)) },
  }));
  return {
    podSelector: {
      matchLabels: { "app.kubernetes.io/name": chart, "app.kubernetes.io/instance": chart },
    },
    policyTypes: ["Ingress"],
    ingress: [{ from: [KONNECTIVITY_AGENTS, ...blocks], ports: [{ protocol: "TCP", port: WEBHOOK_PORT }] }],
  };
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
