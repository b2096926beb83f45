import { describe, expect, test } from "vitest";
import {
  condition,
  kmcpController,
  mcpServer,
  pod,
  runningReady,
  waitingFor,
  workload,
} from "../support/objects.ts";
import { about, cause, causesOf, evidenceOf, type Scene } from "../support/snapshots.ts";

const READY = condition("Ready", "True", "Available", "Deployment is ready and all pods are running");

test("KMCP doesn't accept the spec; source: reconcileStatus of KMCP 0.3.0", () => {
  const reason = "deployment.image is required when command is not 'npx' or 'uvx'";
  const conditions = [
    condition("Accepted", "False", "InvalidConfig", reason),
    condition("Programmed", "False", "DeploymentFailed", "Configuration validation failed"),
    condition("Ready", "False", "PodsNotReady", "Configuration validation failed"),
  ];
  const subject = about("mcpserver/echo", {
    objects: { deployments: [kmcpController()], mcpservers: [mcpServer("echo", conditions)] },
  });
  expect(causesOf(subject)).toEqual(["mcp-invalid"]);
  expect(cause("mcp-invalid", subject).summary).toContain(reason);
});

test("a server that KMCP still calls ready, and that has no pod any more", () => {
  const subject = about("mcpserver/echo", {
    objects: {
      deployments: [kmcpController(), workload("echo", "mcp", { ready: 0, updated: 0 })],
      mcpservers: [mcpServer("echo", [READY])],
    },
  });
  expect([subject.state, subject.line]).toEqual(["not ready", "0 of 1 pod ready"]);
});

const updating = (containers: object[], more: object = {}): Scene => ({
  objects: {
    deployments: [kmcpController(), workload("echo", "mcp", { ready: 1, updated: 0, ...more })],
    mcpservers: [mcpServer("echo", [READY])],
    pods: [
      pod("echo-2", "mcp", { labels: { app: "echo" }, nodeName: "aks-user-0", containers }),
      pod("echo-1", "mcp", {
        labels: { app: "echo" },
        nodeName: "aks-user-0",
        phase: "Running",
        conditions: [{ type: "Ready", status: "True" }],
        containers: [runningReady("mcp-server")],
      }),
    ],
  },
});

test("the pods that KMCP calls ready are those from before; why the new ones don't come up explains it", () => {
  const subject = about(
    "mcpserver/echo",
    updating([waitingFor("mcp-server", "ImagePullBackOff", "x: not found")]),
  );
  expect(subject.state).toBe("not ready");
  expect(causesOf(subject)).toEqual(["image-pull"]);
  expect(cause("image-pull", subject).consequences.map((each) => each.cause)).toContain("old-pods");
});

test("the Deployment's controller hasn't seen the last change", () => {
  const subject = about("mcpserver/echo", updating([], { updated: 1, metadata: { generation: 3 } }));
  expect(evidenceOf("old-pods", subject)).toContain("status.observedGeneration | 1, and it is at 3");
});

test("an updated one is ready", () => {
  const scene = {
    objects: {
      deployments: [kmcpController(), workload("echo", "mcp")],
      mcpservers: [mcpServer("echo", [READY])],
    },
  };
  expect(about("mcpserver/echo", scene)).toMatchObject({
    state: "ready",
    line: "1 pod ready",
    causes: [],
    warnings: [],
  });
});

test("Ready of before the last change of the MCPServer isn't ready", () => {
  const changed = mcpServer("echo", [READY], { generation: 2 });
  const subject = about("mcpserver/echo", {
    objects: { deployments: [kmcpController(), workload("echo", "mcp")], mcpservers: [changed] },
  });
  expect(subject.line).toContain("before its last change");
  expect(causesOf(subject)).toEqual(["not-reconciled"]);
});

describe("namespace not watched", () => {
  test("KMCP looks elsewhere", () => {
    const scene = {
      objects: {
        deployments: [kmcpController({ args: ["--watch-namespaces=tools,other"] })],
        mcpservers: [mcpServer()],
      },
    };
    const subject = about("mcpserver/echo", scene);
    expect(causesOf(subject)).toEqual(["namespace-not-watched"]);
    expect(evidenceOf("namespace-not-watched", subject)).toContain("--watch-namespaces=tools,other");
  });

  test("KMCP looks there, or everywhere", () => {
    for (const args of [["--watch-namespaces=mcp"], ["--leader-elect"]]) {
      const scene = { objects: { deployments: [kmcpController({ args })], mcpservers: [mcpServer()] } };
      expect(causesOf(about("mcpserver/echo", scene))).toEqual(["not-reconciled"]);
    }
  });
});
