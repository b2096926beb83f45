import { describe, expect, test } from "vitest";
import { modelPod, platform, runningNotReady, workspace } from "../support/objects.ts";
import { about, cause, causesOf, evidenceOf, type Scene, together } from "../support/snapshots.ts";

const policy = (name: string, egress: object[], podSelector: object = {}) => ({
  metadata: { name, namespace: "models" },
  spec: { podSelector, policyTypes: ["Egress"], egress },
});
const dns = policy("allow-dns", [
  { to: [{ namespaceSelector: {} }], ports: [{ protocol: "UDP", port: 53 }] },
]);
const deny = policy("default-deny", []);
const loading: Scene = together(platform, {
  objects: {
    workspaces: [workspace()],
    pods: [modelPod({ nodeName: "aks-gpu-0", phase: "Running", containers: [runningNotReady("phi", 10)] })],
  },
});
const timeout: Scene = {
  logs: [
    {
      namespace: "models",
      pod: "phi-0",
      container: "phi",
      previous: false,
      lines: [
        "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.",
      ],
    },
  ],
};

describe("downloads blocked", () => {
  test("by policies, and the log says so", () => {
    const subject = about(
      "workspace/phi",
      together(loading, timeout, { objects: { networkpolicies: [deny, dns] } }),
    );
    expect(causesOf(subject)[0]).toBe("downloads-blocked");
    expect(cause("downloads-blocked", subject).summary).toContain("no NetworkPolicy lets it out to port 443");
    expect(evidenceOf("downloads-blocked", subject)).toContain(
      "networkpolicy models/default-deny | spec.egress | nothing",
    );
    expect(evidenceOf("downloads-blocked", subject)).toContain("pods (UDP 53)");
  });

  test("by policies alone, which is only possible", () => {
    const subject = about("workspace/phi", together(loading, { objects: { networkpolicies: [deny] } }));
    expect(cause("downloads-blocked", subject).likelihood).toBe(0.5);
  });

  test("by the network", () => {
    const subject = about("workspace/phi", together(loading, timeout));
    expect(cause("downloads-blocked", subject).summary).toBe(
      "Its pod can't reach what it must fetch from the internet.",
    );
  });

  test.each([
    [
      "a policy lets it out to the internet",
      policy("out", [
        { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }], ports: [{ port: 443 }] },
      ]),
    ],
    ["a policy lets it out to everything", policy("out", [{}])],
    ["a range of ports has 443", policy("out", [{ ports: [{ port: 1, endPort: 65535 }] }])],
  ])("not when %s", (_, out) => {
    const subject = about("workspace/phi", together(loading, { objects: { networkpolicies: [deny, out] } }));
    expect(causesOf(subject)).not.toContain("downloads-blocked");
  });

  test.each([
    ["to private addresses", policy("out", [{ to: [{ ipBlock: { cidr: "10.1.0.0/16" } }] }])],
    ["to another port", policy("out", [{ ports: [{ port: 80 }] }])],
    ["for other pods", policy("out", [{}], { matchLabels: { app: "other" } })],
  ])("also when it may go out only %s", (_, out) => {
    const subject = about("workspace/phi", together(loading, { objects: { networkpolicies: [deny, out] } }));
    expect(causesOf(subject)).toContain("downloads-blocked");
  });

  test("not when policies can't be listed", () => {
    const states = { networkpolicies: { state: "forbidden" as const } };
    expect(causesOf(about("workspace/phi", { ...loading, states }))).not.toContain("downloads-blocked");
  });
});
