import { describe, expect, test } from "vitest";
import { gpuNode, kaitoController, TAINT, workload, workspace } from "../support/objects.ts";
import { discovery } from "../support/plugins.ts";
import { about, causesOf, evidenceOf, type Scene, together } from "../support/snapshots.ts";

describe("GPU labels", () => {
  const unlabelled = gpuNode();
  unlabelled.metadata.labels = { "mcpaas.dev/pool": "gpu", agentpool: "gpu" };
  const scene: Scene = {
    objects: { deployments: [kaitoController()], nodes: [unlabelled], workspaces: [workspace()] },
  };

  test("missing, because feature discovery doesn't tolerate the pool's taint", () => {
    const subject = about(
      "workspace/phi",
      together(scene, {
        objects: { daemonsets: [discovery([{ key: "nvidia.com/gpu", operator: "Exists" }])] },
      }),
    );
    expect(causesOf(subject)).toEqual(["no-gpu-labels"]);
    expect(evidenceOf("no-gpu-labels", subject)).toContain(
      `no pod: it doesn't tolerate the taint ${TAINT.key}=${TAINT.value}:${TAINT.effect}`,
    );
  });

  test("missing, because there is no feature discovery", () => {
    expect(evidenceOf("no-gpu-labels", about("workspace/phi", scene))).toContain(
      "none is GPU feature discovery",
    );
  });

  test("missing, because nobody may write them down", () => {
    const master = workload("nfd-node-feature-discovery-master", "kaito-workspace", { ready: 0 });
    const found = together(scene, { objects: { daemonsets: [discovery()], deployments: [master] } });
    expect(evidenceOf("no-gpu-labels", about("workspace/phi", found))).toContain(
      "deployment kaito-workspace/nfd-node-feature-discovery-master | status.readyReplicas | 0",
    );
  });

  test("different ones under one selector", () => {
    const a10 = { "nvidia.com/gpu.product": "NVIDIA-A10", "nvidia.com/gpu.memory": "24576" };
    const mixed = {
      objects: { ...scene.objects, nodes: [gpuNode(), gpuNode("aks-gpu-1", { labels: a10 })] },
    };
    const subject = about("workspace/phi", mixed);
    expect(causesOf(subject)).toContain("mixed-gpus");
    expect(evidenceOf("mixed-gpus", subject)).toContain(
      "gpu.product NVIDIA-A10, gpu.count 1, gpu.memory 24576",
    );
    const same = { objects: { ...scene.objects, nodes: [gpuNode(), gpuNode("aks-gpu-1")] } };
    expect(causesOf(about("workspace/phi", same))).not.toContain("mixed-gpus");
  });
});
