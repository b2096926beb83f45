import { describe, expect, test } from "vitest";
import { gpuNode, kaitoController, runningReady, waitingFor, workspace } from "../support/objects.ts";
import { discovery, kaitoPlugin, podOf } from "../support/plugins.ts";
import { about, cause, causesOf, evidenceOf, type Scene, together } from "../support/snapshots.ts";

const bare: Scene = {
  objects: {
    deployments: [kaitoController()],
    nodes: [gpuNode("aks-gpu-0", { gpus: undefined })],
    workspaces: [workspace()],
  },
};

describe("no GPU on the node", () => {
  test("without any plugin", () => {
    const subject = about("workspace/phi", bare);
    expect(causesOf(subject)).toEqual(["no-gpu-on-node"]);
    expect(subject.causes[0]?.summary).toContain("no NVIDIA device plugin is installed");
    expect(evidenceOf("no-gpu-on-node", subject)).toContain(
      'status.allocatable["nvidia.com/gpu"] | missing, capacity missing',
    );
  });

  test("when the plugin has just gone, and the kubelet still remembers its GPUs", () => {
    const scene = together(bare, {});
    scene.objects = { ...scene.objects, nodes: [gpuNode("aks-gpu-0", { gpus: "0", capacity: "1" })] };
    expect(about("workspace/phi", scene).causes[0]?.summary).toContain(
      "no NVIDIA device plugin is installed",
    );
  });

  test("with feature discovery only, which has the same image", () => {
    const subject = about("workspace/phi", together(bare, { objects: { daemonsets: [discovery()] } }));
    expect(subject.causes[0]?.summary).toContain("no NVIDIA device plugin is installed");
  });

  test("with a plugin that doesn't tolerate the taint", () => {
    const subject = about("workspace/phi", together(bare, { objects: { daemonsets: [kaitoPlugin([])] } }));
    expect(subject.causes[0]?.summary).toContain("doesn't tolerate its taint sku=gpu:NoSchedule");
  });

  test("with a plugin that isn't running", () => {
    const plugin = kaitoPlugin();
    const held = podOf(plugin, [waitingFor("nvidia-device-plugin-ctr", "ImagePullBackOff")], "False");
    const subject = about(
      "workspace/phi",
      together(bare, { objects: { daemonsets: [plugin], pods: [held] } }),
    );
    expect(subject.causes[0]?.summary).toContain("its device plugin isn't running");
  });

  test("with a plugin that finds no driver", () => {
    const plugin = kaitoPlugin();
    const running = podOf(plugin, [runningReady("nvidia-device-plugin-ctr")]);
    const line =
      "could not load NVML library: libnvidia-ml.so.1: cannot open shared object file: No such file or directory";
    const scene = together(bare, {
      objects: { daemonsets: [plugin], pods: [running] },
      logs: [
        {
          namespace: "kaito-workspace",
          pod: running.metadata.name,
          container: "nvidia-device-plugin-ctr",
          previous: false,
          lines: ["Starting", line, "Waiting"],
        },
      ],
    });
    const subject = about("workspace/phi", scene);
    expect(subject.causes[0]?.summary).toContain("GPU driver is not installed");
    expect(evidenceOf("no-gpu-on-node", subject)).toContain(line);
    expect(cause("no-gpu-on-node", subject).next.map(({ command }) => command)).toContain(
      "pulumi config set --path mcpaas:cluster.gpuPool.driver Install && pulumi up",
    );
  });

  test("whose GPUs are broken", () => {
    const plugin = kaitoPlugin();
    const running = podOf(plugin, [runningReady("nvidia-device-plugin-ctr")]);
    const scene = together(bare, { objects: { daemonsets: [plugin], pods: [running] } });
    scene.objects = { ...scene.objects, nodes: [gpuNode("aks-gpu-0", { gpus: "0", capacity: "1" })] };
    expect(about("workspace/phi", scene).causes[0]?.summary).toContain("counts its GPUs as broken");
  });

  test("why isn't said when DaemonSets can't be listed", () => {
    const subject = about("workspace/phi", { ...bare, states: { daemonsets: { state: "forbidden" } } });
    expect(subject.causes[0]?.summary).toContain("why can't be said");
  });

  test("a template that asks for none needs none", () => {
    const inference = { template: { spec: { containers: [{ name: "main", image: "x/y:1" }] } } };
    const scene = { ...bare, objects: { ...bare.objects, workspaces: [workspace("phi", { inference })] } };
    expect(causesOf(about("workspace/phi", scene))).not.toContain("no-gpu-on-node");
  });
});
