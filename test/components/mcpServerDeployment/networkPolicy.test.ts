import { describe, expect, it } from "vitest";
import {
  type McpClient,
  mcpNetworkPolicySpec,
} from "../../../components/mcpServerDeployment/networkPolicy.ts";

const labels = { "app.kubernetes.io/name": "echo" };

describe("mcpNetworkPolicySpec", () => {
  it.each<[string, McpClient[], object[]]>([
    ["pods of its namespace", [{}], [{ podSelector: {} }]],
    [
      "pods of a namespace",
      [{ namespace: "chat" }],
      [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "chat" } } }],
    ],
    [
      "some pods of a namespace, both conditions in one peer",
      [{ namespace: "chat", podLabels: { app: "ui" } }],
      [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "chat" } },
          podSelector: { matchLabels: { app: "ui" } },
        },
      ],
    ],
  ])("lets in: %s", (_, clients, from) => {
    const spec = mcpNetworkPolicySpec(labels, 3000, clients, []);
    expect(spec.ingress).toEqual([{ from, ports: [{ protocol: "TCP", port: 3000 }] }]);
  });

  it("lets nobody in when there are no clients: an empty peer list would let in everybody", () => {
    expect(mcpNetworkPolicySpec(labels, 3000, [], []).ingress).toEqual([]);
  });

  it("lets nothing out by default", () => {
    const spec = mcpNetworkPolicySpec(labels, 3000, [], []);
    expect(spec).toMatchObject({ policyTypes: ["Ingress", "Egress"], egress: [] });
  });

  it("keeps to a declared range and its ports", () => {
    const { egress } = mcpNetworkPolicySpec(labels, 3000, [], [{ cidr: "20.0.0.0/8", ports: [443, 8443] }]);
    expect(egress).toEqual([
      {
        to: [{ ipBlock: { cidr: "20.0.0.0/8" } }],
        ports: [
          { protocol: "TCP", port: 443 },
          { protocol: "TCP", port: 8443 },
        ],
      },
    ]);
  });

  it("means HTTPS when no port is declared", () => {
    const { egress } = mcpNetworkPolicySpec(labels, 3000, [], [{ cidr: "20.0.0.0/8" }]);
    expect(egress[0]?.ports).toEqual([{ protocol: "TCP", port: 443 }]);
  });

  it.each([
    [[{ cidr: "example.com" }], /^egress\[0\].cidr: "example.com" is not allowed/],
    [[{ cidr: "20.0.0.0/8", ports: [0] }], /^egress\[0\].ports\[0\]: 0 is not allowed/],
    [
      [{ cidr: "20.0.0.0/8" }, { cidr: "169.254.169.254/32" }],
      /^egress\[1\].cidr: .* the instance metadata service/,
    ],
  ])("refuses %j", (egress, message) => {
    expect(() => mcpNetworkPolicySpec(labels, 3000, [], egress)).toThrow(message);
  });
});
