import { describe, expect, test } from "vitest";
import { gpuNode, kaitoController, pod, runningReady, workload, workspace } from "../support/objects.ts";
import { discovery, kaitoPlugin, podOf, SOCKETS } from "../support/plugins.ts";
import { about, cause } from "../support/snapshots.ts";

describe("two device plugins", () => {
  const other = workload("nvidia-device-plugin", "gpu-operator", {
    image: "nvcr.io/nvidia/k8s-device-plugin:v0.18.0",
    spec: { volumes: [SOCKETS] },
  });
  const first = kaitoPlugin();
  const firstPod = podOf(first, [runningReady("nvidia-device-plugin-ctr")]);
  const otherPod = {
    ...podOf(other, [runningReady("main")]),
    metadata: { name: "op-x", namespace: "gpu-operator", labels: { app: "nvidia-device-plugin" } },
  };

  test("on one node are a warning even when all is ready", () => {
    const scene = { objects: { nodes: [gpuNode()], daemonsets: [first, other], pods: [firstPod, otherPod] } };
    const subject = about("component/gpu-nodes", scene);
    expect(subject.state).toBe("ready");
    expect(subject.warnings.map(({ cause }) => cause)).toEqual(["two-device-plugins"]);
    expect(JSON.stringify(subject.warnings[0]?.evidence)).toContain("gpu-operator/nvidia-device-plugin");
  });

  test("AKS's own counts as one", () => {
    const managed = gpuNode("aks-gpu-0", { labels: { "kubernetes.azure.com/dcgm-exporter": "enabled" } });
    const scene = { objects: { nodes: [managed], daemonsets: [first], pods: [firstPod] } };
    expect(about("component/gpu-nodes", scene).warnings.map(({ cause }) => cause)).toEqual([
      "two-device-plugins",
    ]);
  });

  test("on different nodes, or with feature discovery, are none", () => {
    const elsewhere = { ...otherPod, spec: { containers: [], nodeName: "aks-gpu-9" } };
    const gfd = discovery();
    for (const pods of [
      [firstPod, elsewhere],
      [firstPod, podOf(gfd, [runningReady("main")])],
    ]) {
      const scene = { objects: { nodes: [gpuNode()], daemonsets: [first, other, gfd], pods } };
      expect(about("component/gpu-nodes", scene).warnings).toEqual([]);
    }
  });

  test("are likely when the kubelet refuses pods for it", () => {
    const refused = {
      ...pod("phi-0", "models", {
        labels: { "kaito.sh/workspace": "phi" },
        nodeName: "aks-gpu-0",
        phase: "Failed",
      }),
    };
    const event = {
      metadata: { name: "e", namespace: "models" },
      involvedObject: { kind: "Pod", name: "phi-0", namespace: "models", uid: "uid-phi-0" },
      reason: "UnexpectedAdmissionError",
      message:
        "Allocate failed due to requested number of devices unavailable for nvidia.com/gpu, which is unexpected",
    };
    const scene = {
      objects: {
        deployments: [kaitoController()],
        nodes: [gpuNode()],
        workspaces: [workspace()],
        daemonsets: [first, other],
        pods: [firstPod, otherPod, refused],
        events: [event],
      },
    };
    expect(cause("two-device-plugins", about("workspace/phi", scene)).likelihood).toBe(0.9);
  });
});
