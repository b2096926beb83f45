import { describe, expect, it } from "vitest";
import { nodeFeaturePolicySpec, webhookPolicySpec } from "../../../components/kaitoInstall/network.ts";

const agents = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { app: "konnectivity-agent" } },
};

describe("webhookPolicySpec", () => {
  it("lets AKS's tunnel to the API server reach the webhook's port, and nothing else", () => {
    expect(webhookPolicySpec("workspace", [])).toEqual({
      podSelector: {
        matchLabels: { "app.kubernetes.io/name": "workspace", "app.kubernetes.io/instance": "workspace" },
      },
      policyTypes: ["Ingress"],
      ingress: [{ from: [agents], ports: [{ protocol: "TCP", port: 9443 }] }],
    });
  });

  it("lets named addresses in besides", () => {
    const { ingress } = webhookPolicySpec("ragengine", ["10.1.0.0/28"]);
    expect(ingress[0]?.from).toEqual([agents, { ipBlock: { cidr: "10.1.0.0/28" } }]);
  });

  it.each(["10.1.0.0", "2001:db8::/32", "everywhere"])("refuses %s", (range) => {
    expect(() => webhookPolicySpec("workspace", ["10.1.0.0/28", range])).toThrow(/^apiServerRanges\[1\]: /);
  });
});

describe("nodeFeaturePolicySpec", () => {
  it("lets workers of the same namespace reach their master, on its port alone", () => {
    const name = { "app.kubernetes.io/name": "node-feature-discovery" };
    expect(nodeFeaturePolicySpec()).toEqual({
      podSelector: { matchLabels: { ...name, role: "master" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { ...name, role: "worker" } } }],
          ports: [{ protocol: "TCP", port: 8080 }],
        },
      ],
    });
  });
});
