import { describe, expect, it } from "vitest";
import { INTERNET } from "../../../components/network/egress.ts";
import {
  type ClosedPods,
  clientPolicySpecs,
  type NetworkClient,
  podPolicySpec,
} from "../../../components/network/specs.ts";

const labels = { "app.kubernetes.io/name": "echo" };
const pods = (given: Partial<ClosedPods> = {}): ClosedPods => ({
  podLabels: labels,
  port: 3000,
  clients: [],
  egress: [],
  ...given,
});

describe("podPolicySpec", () => {
  it.each<[string, NetworkClient[], object[]]>([
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
    [
      "addresses outside of the cluster",
      [{ cidr: "10.225.0.0/24" }],
      [{ ipBlock: { cidr: "10.225.0.0/24" } }],
    ],
  ])("lets in: %s", (_, clients, from) => {
    const spec = podPolicySpec(pods({ clients }));
    expect(spec.ingress).toEqual([{ from, ports: [{ protocol: "TCP", port: 3000 }] }]);
  });

  it("lets nobody in when there are no clients: an empty peer list would let in everybody", () => {
    expect(podPolicySpec(pods()).ingress).toEqual([]);
  });

  it.each<[NetworkClient, RegExp]>([
    [{ cidr: "10.225.0.0/24", namespace: "a" }, /^clients\[1\]: must have a cidr, or pods .*not both$/],
    [{ cidr: "10.225.0.0/24", podLabels: {} }, /^clients\[1\]: must have a cidr, or pods .*not both$/],
    [{ cidr: "10.225.0.1/24" }, /^clients\[1\]: cidr "10.225.0.1\/24" is not .* "10.225.0.0\/24"/],
    [{ cidr: "0.0.0.0/0" }, /^clients\[1\]: cidr "0.0.0.0\/0" is everywhere; name the addresses/],
  ])("refuses the client %j", (client, message) => {
    expect(() => podPolicySpec(pods({ clients: [{}, client] }))).toThrow(message);
  });

  it("lets nothing out by default", () => {
    const spec = podPolicySpec(pods());
    expect(spec).toMatchObject({ policyTypes: ["Ingress", "Egress"], egress: [] });
  });

  it("keeps to a declared range and its ports", () => {
    const { egress } = podPolicySpec(pods({ egress: [{ cidr: "20.0.0.0/8", ports: [443, 8443] }] }));
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
    const { egress } = podPolicySpec(pods({ egress: [{ cidr: "20.0.0.0/8" }] }));
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
    expect(() => podPolicySpec(pods({ egress }))).toThrow(message);
  });

  it("lets them call other pods on one port, when told which", () => {
    const targets = [
      { podLabels: { app: "db" }, port: 6333 },
      { namespace: "models", port: 5000 },
    ];
    expect(podPolicySpec(pods({ targets })).egress).toEqual([
      { to: [{ podSelector: { matchLabels: { app: "db" } } }], ports: [{ protocol: "TCP", port: 6333 }] },
      {
        to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "models" } } }],
        ports: [{ protocol: "TCP", port: 5000 }],
      },
    ]);
    expect(() => podPolicySpec(pods({ targets: [{ port: 0 }] }))).toThrow(/^targets\[0\].port: 0 is not/);
  });

  it("opens them to each other, and to nobody else, when they work together", () => {
    const { ingress, egress } = podPolicySpec(pods({ amongThemselves: true }));
    const themselves = [{ podSelector: { matchLabels: labels } }];
    expect(ingress).toEqual([{ from: themselves }]);
    expect(egress).toEqual([{ to: themselves }]);
  });

  it("means by the internet neither private networks nor the node's own addresses", () => {
    const { egress } = podPolicySpec(pods({ egress: INTERNET }));
    expect(egress.map(({ ports }) => ports)).toEqual([[{ protocol: "TCP", port: 443 }]]);
    expect(egress[0]?.to?.[0]).toMatchObject({
      ipBlock: { cidr: "0.0.0.0/0", except: expect.arrayContaining(["10.0.0.0/8", "169.254.0.0/16"]) },
    });
  });
});

describe("clientPolicySpecs", () => {
  it("is about the clients of the pods' own namespace, named or not, and about one port", () => {
    const clients = [{}, { namespace: "models" }, { namespace: "chat" }, { cidr: "10.225.0.0/24" }];
    expect(clientPolicySpecs(pods({ clients }), "models")).toEqual({
      all: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          { to: [{ podSelector: { matchLabels: labels } }], ports: [{ protocol: "TCP", port: 3000 }] },
        ],
      },
    });
    expect(clientPolicySpecs(pods({ clients: [{ namespace: "models" }] }))).toEqual({});
  });
});
