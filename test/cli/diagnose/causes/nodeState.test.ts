import { describe, expect, test } from "vitest";
import {
  gpuNode,
  kaitoController,
  modelPod,
  platform,
  unschedulable,
  workspace,
} from "../support/objects.ts";
import { about, ago, cause, causesOf, evidenceOf, together } from "../support/snapshots.ts";

const on = (...nodes: ReturnType<typeof gpuNode>[]) => ({
  objects: { deployments: [kaitoController()], nodes, workspaces: [workspace()] },
});

describe("node not ready", () => {
  test("with the node controller's words", () => {
    const subject = about("workspace/phi", on(gpuNode("aks-gpu-0", { ready: "Unknown" })));
    expect(causesOf(subject)).toEqual(["node-not-ready"]);
    expect(evidenceOf("node-not-ready", subject)).toBe(
      "node aks-gpu-0 | condition Ready=Unknown, since 7 min | NodeStatusUnknown: Kubelet stopped posting node status.",
    );
  });

  test("that is being deleted", () => {
    const gone = gpuNode();
    gone.metadata.deletionTimestamp = ago(3);
    expect(evidenceOf("node-not-ready", about("workspace/phi", on(gone)))).toContain(
      "metadata.deletionTimestamp",
    );
  });

  test("doesn't matter while there are enough others", () => {
    const scene = on(gpuNode("aks-gpu-0"), gpuNode("aks-gpu-1", { ready: "Unknown" }));
    expect(causesOf(about("workspace/phi", scene))).not.toContain("node-not-ready");
  });

  test("matters when the pod is on it", () => {
    const scene = together(on(gpuNode("aks-gpu-0"), gpuNode("aks-gpu-1", { ready: "Unknown" })), {
      objects: { pods: [modelPod({ nodeName: "aks-gpu-1", phase: "Running" })] },
    });
    expect(causesOf(about("workspace/phi", scene))[0]).toBe("node-not-ready");
  });

  test("hides that it offers no GPU", () => {
    const subject = about("component/gpu-nodes", {
      objects: { nodes: [gpuNode("aks-gpu-0", { ready: "False", gpus: undefined })] },
    });
    expect(subject).toMatchObject({ state: "not ready", line: "0 of 1 node ready, 0 GPUs" });
    expect(causesOf(subject)).toEqual(["node-not-ready"]);
  });
});

describe("cordoned", () => {
  const waiting = {
    objects: {
      pods: [
        modelPod({ conditions: [unschedulable("0/1 nodes are available: 1 node(s) were unschedulable.")] }),
      ],
    },
  };

  test("every node", () => {
    const subject = about(
      "workspace/phi",
      together(on(gpuNode("aks-gpu-0", { unschedulable: true })), waiting),
    );
    expect(causesOf(subject)).toEqual(["node-cordoned"]);
    expect(cause("node-cordoned", subject).consequences).toEqual([
      { cause: "unschedulable", summary: "Its pod finds no node." },
    ]);
  });

  test("not every node", () => {
    const scene = together(platform, on(gpuNode("aks-gpu-1", { unschedulable: true })), waiting);
    expect(causesOf(about("workspace/phi", scene))).not.toContain("node-cordoned");
  });
});
