import { ipv4RangeRule } from "../ipRange.ts";
import { ensure, mustBe } from "../validation.ts";

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

/**
 * The policy that lets the API server reach a webhook, and nobody else.
 *
 * @param podLabels of the pods that have the webhook
 * @param port of the pods
 * @param apiServerRanges addresses from which it calls, besides the agents'
 */
export function apiServerPolicySpec(
  podLabels: Record<string, string>,
  port: number,
  apiServerRanges: string[],
) {
  const blocks = apiServerRanges.map((range, i) => ({
    ipBlock: { cidr: ensure(`apiServerRanges[${i}]`, range, mustBe(ipv4RangeRule)) },
  }));
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Ingress"],
    ingress: [{ from: [KONNECTIVITY_AGENTS, ...blocks], ports: [{ protocol: "TCP", port }] }],
  };
}
