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
import { about, cause, causesOf, commandsOf, evidenceOf, report, type Scene } from "../support/snapshots.ts";
import type { WorkloadOptions } from "../support/workloads.ts";

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

describe("an endpoint that answers wrongly", () => {
  const wrong: Scene["mcpAnswers"] = { "mcp/echo": { state: "wrong", message: "It has no MCP endpoint" } };
  const asked = (spec: object, containers: string[]) => {
    const server = mcpServer("echo", [READY]);
    server["spec"] = spec;
    const labels = { app: "echo" };
    return commandsOf(
      "mcp-endpoint",
      about("mcpserver/echo", {
        objects: {
          deployments: [kmcpController(), workload("echo", "mcp")],
          mcpservers: [server],
          pods: [pod("echo-1", "mcp", { labels, containers: containers.map(runningReady) })],
        },
        mcpAnswers: wrong,
      }),
    ).slice(0, 2);
  };

  test("is asked by hand at its own port and path", () => {
    const spec = { transportType: "http", httpTransport: { path: "/tools/mcp" }, deployment: { port: 8000 } };
    expect(asked(spec, ["mcp-server", "guard"])).toEqual([
      "kubectl -n mcp port-forward service/echo 8000:8000",
      "npm run mcp -- http://localhost:8000/tools/mcp",
    ]);
  });

  test("and never past the guard of a stdio server", () => {
    const spec = { transportType: "stdio", stdioTransport: {}, deployment: { port: 3000 } };
    expect(asked(spec, ["mcp-server", "guard"])).toEqual([
      "kubectl -n mcp port-forward service/echo-guard 3001:3001",
      "npm run mcp -- http://localhost:3001/mcp",
    ]);
    expect(asked(spec, ["mcp-server"])[0]).toBe("kubectl -n mcp port-forward service/echo 3000:3000");
  });
});

describe("a server that KMCP doesn't run", () => {
  const labels = { "app.kubernetes.io/name": "echo", "app.kubernetes.io/instance": "echo" };
  const spec = { containers: [{ name: "mcp-server", image: "x/y:1" }] };
  const made = (options: WorkloadOptions = {}, containers: object[] = []): Scene => ({
    states: { mcpservers: { state: "absent" } },
    objects: {
      deployments: [workload("echo", "mcp", { labels, selector: labels, spec, ...options })],
      pods: containers.map((each) => pod("echo-1", "mcp", { labels, nodeName: "n", containers: [each] })),
    },
  });

  test("is as ready as its pods", () => {
    expect(about("mcpserver/echo", made())).toMatchObject({
      state: "ready",
      line: "1 pod ready",
      warnings: [],
    });
    const half = about("mcpserver/echo", made({ replicas: 2, ready: 1 }));
    expect(half).toMatchObject({ state: "not ready", line: "1 of 2 pods ready" });
    expect(commandsOf("unexplained", half)[0]).toBe("kubectl -n mcp describe deployment echo");
  });

  test("has the causes of others, and none of KMCP's", () => {
    const held = waitingFor("mcp-server", "ImagePullBackOff", "x: not found");
    expect(causesOf(about("mcpserver/echo", made({ ready: 0, updated: 0 }, [held])))).toEqual(["image-pull"]);
  });

  test("is told apart from what KMCP makes, and from what isn't an MCP server", () => {
    const ownerReferences = [{ kind: "MCPServer", name: "echo", uid: "u", controller: true }];
    const scene: Scene = {
      objects: {
        deployments: [
          kmcpController(),
          workload("echo", "mcp", { labels, spec, metadata: { ownerReferences } }),
          workload("chat", "mcp", { labels: { "app.kubernetes.io/name": "chat" } }),
        ],
        mcpservers: [mcpServer("echo", [READY])],
      },
    };
    expect(report(scene).subjects.map(({ kind, name }) => [kind, name])).toEqual([
      ["component", "kmcp"],
      ["mcpserver", "echo"],
    ]);
  });
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
