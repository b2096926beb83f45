import { describe, expect, test } from "vitest";
import { causes } from "../../../cli/diagnose/causes/index.ts";
import {
  condition,
  gpuNode,
  kaitoController,
  modelPod,
  unschedulable,
  workspace,
} from "./support/objects.ts";
import { about, causesOf, report, type Scene } from "./support/snapshots.ts";

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
