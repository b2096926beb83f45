import { expect, test } from "vitest";
import { gpuNode, modelPod, platform, pod, unschedulable, workspace } from "../support/objects.ts";
import { about, cause, causesOf, evidenceOf, together } from "../support/snapshots.ts";

// Source: FitError in pkg/scheduler/framework/types.go of Kubernetes 1.35.
const full = unschedulable(
  "0/2 nodes are available: 1 Insufficient nvidia.com/gpu, 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available.",
);
const waits = together(platform, {
  objects: { workspaces: [workspace()], pods: [modelPod({ conditions: [full] })] },
});
const holder = (phase = "Running") =>
  pod("trainer-7", "science", {
    nodeName: "aks-gpu-0",
    phase,
    gpus: "1",
    containers: [{ name: "main", ready: true }],
  });

test("who holds the GPUs", () => {
  const subject = about("workspace/phi", together(waits, { objects: { pods: [holder()] } }));
  expect(causesOf(subject)).toEqual(["gpus-taken"]);
  expect(cause("gpus-taken", subject).summary).toBe("All GPUs are taken: science/trainer-7 holds them.");
  expect(evidenceOf("gpus-taken", subject)).toContain("1, taken by science/trainer-7 (1)");
  expect(cause("gpus-taken", subject).consequences).toMatchObject([{ cause: "unschedulable" }]);
});

test("a pod that has ended holds none", () => {
  const scene = together(waits, { objects: { pods: [holder("Succeeded")] } });
  expect(causesOf(about("workspace/phi", scene))).toEqual(["unschedulable"]);
});

test("no node has as many", () => {
  const scene = together(platform, {
    objects: { workspaces: [workspace()], pods: [modelPod({ conditions: [full], gpus: "2" })] },
  });
  expect(cause("gpus-taken", about("workspace/phi", scene)).summary).toContain(
    "asks for 2 GPUs of one node, and no node has more than 1",
  );
});

test("one that is free elsewhere is another matter", () => {
  const scene = together(waits, { objects: { pods: [holder()], nodes: [gpuNode("aks-gpu-1")] } });
  expect(causesOf(about("workspace/phi", scene))).not.toContain("gpus-taken");
});
