import { describe, expect, test } from "vitest";
import {
  gpuNode,
  kmcpController,
  mcpServer,
  modelPod,
  node,
  platform,
  pod,
  unschedulable,
  workload,
  workspace,
} from "../support/objects.ts";
import { about, cause, causesOf, evidenceOf, type Scene, together } from "../support/snapshots.ts";

describe("taint not tolerated", () => {
  const extra = { key: "team", value: "a", effect: "NoSchedule" };
  const scene = (taints: object[]): Scene => {
    const waits = modelPod({
      conditions: [unschedulable("0/1 nodes are available: 1 node(s) had untolerated taint(s).")],
    });
    const base = together(platform, { objects: { workspaces: [workspace()], pods: [waits] } });
    return { ...base, objects: { ...base.objects, nodes: [gpuNode("aks-gpu-0", { taints })] } };
  };
  const sku = { key: "sku", value: "gpu", effect: "NoSchedule" };

  test("names the taint and not those that are tolerated", () => {
    const subject = about("workspace/phi", scene([sku, extra]));
    expect(causesOf(subject)).toEqual(["taint-not-tolerated"]);
    expect(evidenceOf("taint-not-tolerated", subject)).toMatch(/spec\.taints \| team=a:NoSchedule$/m);
  });

  test.each([
    ["tolerated", [sku]],
    ["only preferred", [sku, { ...extra, effect: "PreferNoSchedule" }]],
    ["a cordoned node's", [sku, { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }]],
  ])("%s ones aren't meant", (_, taints) => {
    expect(causesOf(about("workspace/phi", scene(taints)))).toEqual(["unschedulable"]);
  });
});

test("a taint that Kubernetes set says why on the node", () => {
  const pressure = { key: "node.kubernetes.io/disk-pressure", effect: "NoSchedule" };
  const waits = modelPod({
    conditions: [unschedulable("0/1 nodes are available: 1 node(s) had untolerated taint(s).")],
  });
  const scene = together(platform, { objects: { workspaces: [workspace()], pods: [waits] } });
  const subject = about("workspace/phi", {
    ...scene,
    objects: { ...scene.objects, nodes: [gpuNode("aks-gpu-0", { taints: [pressure] })] },
  });
  expect(cause("taint-not-tolerated", subject).next[0]?.command).toBe("kubectl describe node aks-gpu-0");
});

const server = (message: string, spec: object = {}, nodes = [node("aks-user-0")]): Scene => ({
  objects: {
    deployments: [kmcpController(), workload("echo", "mcp", { ready: 0 })],
    mcpservers: [
      mcpServer("echo", [
        {
          type: "Ready",
          status: "False",
          reason: "NotAvailable",
          message: "Deployment not ready: 0/1 replicas available",
        },
      ]),
    ],
    pods: [pod("echo-1", "mcp", { labels: { app: "echo" }, conditions: [unschedulable(message)], spec })],
    nodes,
  },
});

test("no node has the labels that a pod asks for", () => {
  const message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
  const subject = about("mcpserver/echo", server(message, { nodeSelector: { disk: "ssd" } }));
  expect(causesOf(subject)).toEqual(["node-selector-unmatched"]);
  expect(evidenceOf("node-selector-unmatched", subject)).toContain('{"disk":"ssd"}');
});

test("nodes that can't be listed aren't called unfit", () => {
  const scene = {
    ...server("0/1 nodes are available.", { nodeSelector: { disk: "ssd" } }),
    states: { nodes: { state: "forbidden" as const } },
  };
  expect(causesOf(about("mcpserver/echo", scene))).toEqual(["unschedulable"]);
});

test("the nodes are full", () => {
  const spec = {
    containers: [{ name: "mcp-server", resources: { requests: { cpu: "50m", memory: "64Mi" } } }],
  };
  const message = "0/2 nodes are available: 2 Insufficient cpu, 1 Insufficient memory, 1 Too many pods.";
  const subject = about("mcpserver/echo", server(message, spec));
  expect(causesOf(subject)).toEqual(["insufficient-resources"]);
  expect(cause("insufficient-resources", subject).summary).toContain(
    "Insufficient cpu, Insufficient memory, Too many pods",
  );
  expect(evidenceOf("insufficient-resources", subject)).toContain("cpu 50m, memory 64Mi");
});

test("what no cause knows is told in the scheduler's words", () => {
  const subject = about(
    "mcpserver/echo",
    server("0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."),
  );
  expect(evidenceOf("unschedulable", subject)).toContain("didn't have free ports");
});
