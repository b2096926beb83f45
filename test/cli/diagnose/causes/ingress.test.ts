import { describe, expect, test } from "vitest";
import { condition, kmcpController, mcpServer, pod, runningReady, workload } from "../support/objects.ts";
import { about, type Scene, together } from "../support/snapshots.ts";

const ready: Scene = {
  objects: {
    deployments: [kmcpController(), workload("echo", "mcp")],
    mcpservers: [mcpServer("echo", [condition("Ready", "True")])],
    pods: [
      pod("echo-1", "mcp", {
        labels: { app: "echo" },
        nodeName: "aks-user-0",
        phase: "Running",
        conditions: [{ type: "Ready", status: "True" }],
        containers: [runningReady("mcp-server")],
      }),
    ],
  },
};
const policy = (name: string, spec: object) => ({ metadata: { name, namespace: "mcp" }, spec });
const deny = policy("default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
const opens = (ports: object[], podSelector: object = {}) =>
  policy("echo", {
    podSelector,
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ podSelector: {} }], ports }],
  });
const warnings = (...networkpolicies: ReturnType<typeof policy>[]) =>
  about("mcpserver/echo", together(ready, { objects: { networkpolicies } })).warnings.map(
    ({ cause }) => cause,
  );

describe("no client is let in", () => {
  test("by a namespace that denies everything", () => {
    expect(warnings(deny)).toEqual(["no-client-let-in"]);
  });

  test("by a policy for another port, for other pods, or without types", () => {
    expect(warnings(deny, opens([{ port: 8080 }]))).toEqual(["no-client-let-in"]);
    expect(warnings(deny, opens([{ port: 3000 }], { matchLabels: { app: "other" } }))).toEqual([
      "no-client-let-in",
    ]);
    expect(warnings(policy("old", { podSelector: {} }))).toEqual(["no-client-let-in"]);
  });

  test.each([
    ["for its port", opens([{ protocol: "TCP", port: 3000 }])],
    ["for every port", opens([])],
    ["for a range of ports", opens([{ port: 1000, endPort: 4000 }])],
    ["for a named port", opens([{ port: "http" }])],
  ])("but by a policy %s", (_, open) => {
    expect(warnings(deny, open)).toEqual([]);
  });

  test("but where no policy is, or none is about incoming traffic", () => {
    expect(warnings()).toEqual([]);
    expect(warnings(policy("out", { podSelector: {}, policyTypes: ["Egress"] }))).toEqual([]);
  });

  test("isn't said when policies can't be listed", () => {
    const scene = { ...ready, states: { networkpolicies: { state: "forbidden" as const } } };
    expect(about("mcpserver/echo", scene).warnings).toEqual([]);
  });
});
