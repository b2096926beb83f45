import { describe, expect, test } from "vitest";
import { causes } from "../../../cli/diagnose/causes/index.ts";
import {
  condition,
  ended,
  event,
  gpuNode,
  kaitoController,
  modelPod,
  runningNotReady,
  unschedulable,
  workspace,
} from "./support/objects.ts";
import { about, causesOf, NOW, report, type Scene, type Served } from "./support/snapshots.ts";

describe("the table of causes", () => {
  const ids = causes.map(({ id }) => id);

  test("has each once", () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("explains by names that exist", () => {
    const unknown = causes.flatMap(({ explains = [] }) => explains).filter((id) => !ids.includes(id));
    expect(unknown).toEqual([]);
  });

  test("explains nothing by itself", () => {
    expect(causes.filter(({ id, explains = [] }) => explains.includes(id))).toEqual([]);
  });
});

describe("order", () => {
  test("what follows from another cause stands below it, with what follows from that", () => {
    // No node is ready, so that the node offers no GPU, so that the pod finds none.
    const scene: Scene = {
      objects: {
        deployments: [kaitoController()],
        nodes: [gpuNode("aks-gpu-0", { ready: "Unknown", gpus: undefined })],
        workspaces: [
          workspace("phi", {
            conditions: [
              condition(
                "WorkspaceSucceeded",
                "False",
                "x",
                "waiting (last reconcile error: no ready nodes found)",
              ),
            ],
          }),
        ],
        pods: [
          modelPod({
            conditions: [unschedulable("0/1 nodes are available: 1 node(s) had untolerated taint(s).")],
          }),
        ],
      },
    };
    const subject = about("workspace/phi", scene);
    expect(causesOf(subject)).toEqual(["node-not-ready"]);
    expect(subject.causes[0]?.consequences.map(({ cause }) => cause).sort()).toEqual([
      "reconcile-error",
      "unschedulable",
    ]);
  });

  test("the most likely stands first, whatever the table's order", () => {
    const scene: Scene = {
      objects: {
        deployments: [kaitoController()],
        nodes: [
          gpuNode("aks-gpu-0", {
            labels: { "nvidia.com/gpu.product": "Tesla-T4", "nvidia.com/cuda.compute.major": "7" },
          }),
        ],
        workspaces: [workspace("phi", { preset: "meta-llama/llama-3.1-8b-instruct" })],
      },
    };
    const subject = about("workspace/phi", scene);
    expect(causesOf(subject)).toEqual(["gated-model", "unsupported-gpu"]);
    expect(subject.causes.map(({ likelihood }) => likelihood)).toEqual([0.9, 0.75]);
  });
});

test("what is much less likely doesn't take what it could explain", () => {
  const scene: Scene = {
    objects: {
      deployments: [kaitoController()],
      nodes: [gpuNode()],
      workspaces: [workspace("phi", { secret: "hf" })],
      pods: [modelPod({ nodeName: "aks-gpu-0", containers: [ended("phi", 1)] })],
    },
    // The model is public: it would do without this Secret.
    secrets: { "models/hf": { state: "missing" } },
  };
  expect(causesOf(about("workspace/phi", scene))).toEqual(["crash-loop", "gated-model"]);
});

describe("what belongs to a subject", () => {
  const scene = (pods: Served[], events: Served[] = []): Scene => ({
    objects: {
      deployments: [kaitoController()],
      nodes: [gpuNode()],
      workspaces: [workspace()],
      pods,
      events,
    },
  });

  test("a pod that is being deleted doesn't count any more", () => {
    const leaving = modelPod({ containers: [ended("phi", 1)], metadata: { deletionTimestamp: NOW } });
    expect(causesOf(about("workspace/phi", scene([leaving])))).toEqual(["unexplained"]);
  });

  test("nor do events about a pod that had the same name", () => {
    const pod = modelPod({ nodeName: "aks-gpu-0", containers: [runningNotReady("phi", 1)] });
    const told = event(
      "Pod",
      { metadata: { ...pod.metadata, uid: "another" } },
      "Unhealthy",
      "Liveness probe failed: x",
    );
    expect(causesOf(about("workspace/phi", scene([pod], [told])))).toEqual(["still-starting"]);
    const own = event("Pod", pod, "Unhealthy", "Liveness probe failed: x");
    expect(causesOf(about("workspace/phi", scene([pod], [own])))).toEqual(["probe-failing"]);
  });
});

test("what nothing explains is told with the conditions that are open", () => {
  const scene = {
    objects: { deployments: [kaitoController()], nodes: [gpuNode()], workspaces: [workspace()] },
  };
  const subject = about("workspace/phi", scene);
  expect(causesOf(subject)).toEqual(["unexplained"]);
  expect(subject.causes[0]?.evidence.map(({ field }) => field)).toEqual([
    "condition InferenceReady=False",
    "condition WorkspaceSucceeded=False",
  ]);
});

test("a ready subject has no causes", () => {
  const ready = workspace("phi", { conditions: [condition("WorkspaceSucceeded", "True")] });
  const { ready: all, subjects } = report({
    objects: { deployments: [kaitoController()], nodes: [gpuNode()], workspaces: [ready] },
  });
  expect(all).toBe(true);
  expect(subjects.map(({ name, line, causes }) => [name, line, causes.length])).toEqual([
    ["kaito", "kaito-workspace/kaito-workspace runs, 0.11.0", 0],
    ["gpu-nodes", "1 of 1 node ready, 1 GPU", 0],
    ["phi", "serves phi-4-mini-instruct", 0],
  ]);
});
