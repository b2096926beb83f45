import { describe, expect, it } from "vitest";
import { type NodeObject, nodesStage, REMEDIES } from "../../../components/kaitoGpuNodes/stage.ts";
import { GPU_LABELS, node, PCI } from "./fakes.ts";

const { "nvidia.com/gpu.memory": _, ...SOME } = GPU_LABELS;
const ok = node("ok");
const down = node("down", { ready: "False" });
const downAndBare = node("downAndBare", { ready: "Unknown", labels: {} });
const noPci = node("noPci", { labels: {} });
const noGfd = node("noGfd", { labels: PCI });
const someGfd = node("someGfd", { labels: { ...PCI, ...SOME } });
const noGpu = node("noGpu", { gpus: "none" });
const zeroGpu = node("zeroGpu", { gpus: "0" });

describe("nodesStage", () => {
  it.each<[string, number, NodeObject[], string, string]>([
    ["none", 1, [], "no-node", "0 of 1 can be used, 0 of them there"],
    ["too few", 2, [ok], "no-node", "1 of 2 can be used, 1 of them there"],
    [
      "one that isn't ready",
      1,
      [down],
      "not-ready",
      "0 of 1 can be used; down is not ready (cni is not ready)",
    ],
    [
      "one that isn't found out about",
      1,
      [noPci],
      "no-pci-label",
      "0 of 1 can be used; noPci has no label of its PCI devices, which node feature discovery sets",
    ],
    [
      "one without GPU labels",
      1,
      [noGfd],
      "no-gpu-labels",
      "0 of 1 can be used; noGfd has no nvidia.com/gpu.product, nvidia.com/gpu.count, nvidia.com/gpu.memory, " +
        "which GPU feature discovery sets",
    ],
    [
      "one with some of them",
      1,
      [someGfd],
      "no-gpu-labels",
      "0 of 1 can be used; someGfd has no nvidia.com/gpu.memory, which GPU feature discovery sets",
    ],
    [
      "one without GPUs",
      1,
      [noGpu],
      "no-gpu",
      "0 of 1 can be used; noGpu offers no nvidia.com/gpu, which the device plugin does",
    ],
    [
      "one whose GPUs are none",
      1,
      [zeroGpu],
      "no-gpu",
      "0 of 1 can be used; zeroGpu offers no nvidia.com/gpu,",
    ],
    ["one that can be used", 1, [ok], "usable", "1 can be used"],
    ["more than asked for", 1, [ok, ok], "usable", "2 can be used"],
  ])("sees %s", (_, minCount, nodes, stage, words) => {
    expect(nodesStage(nodes, minCount)).toEqual({ stage, words: expect.stringContaining(words) });
  });

  it.each<[string, NodeObject[], string]>([
    ["one too many without labels, for KAITO looks at all", [ok, noGfd], "no-gpu-labels"],
    ["one too many that was never labelled and is down", [ok, downAndBare], "not-ready"],
  ])("waits for %s", (_, nodes, stage) => {
    expect(nodesStage(nodes, 1).stage).toBe(stage);
  });

  it.each<[string, NodeObject[]]>([
    ["is labelled and down", [ok, down]],
    ["is labelled and offers no GPU", [ok, noGpu]],
  ])("isn't held up by one too many that %s", (_, nodes) => {
    expect(nodesStage(nodes, 1)).toEqual({ stage: "usable", words: "1 can be used" });
  });

  it("names the first obstacle on the way, whatever the order of the nodes", () => {
    const all = [noGpu, noGfd, noPci, down];
    for (const [i, stage] of ["not-ready", "no-pci-label", "no-gpu-labels", "no-gpu"].entries()) {
      expect(nodesStage(all.slice(0, all.length - i), 4 - i).stage).toBe(stage);
    }
    expect(nodesStage(all, 5).stage).toBe("no-node");
  });

  it.each([
    ["feature.node.kubernetes.io/pci-0302_10de.present", "no-gpu-labels"],
    ["nvidia.com/gpu.present", "no-gpu-labels"],
    ["feature.node.kubernetes.io/pci-1414.present", "no-pci-label"],
  ])("%s alone: %s", (label, stage) => {
    expect(nodesStage([node("a", { labels: { [label]: "true" } })], 1).stage).toBe(stage);
  });

  it("names a few nodes only", () => {
    const many = Array.from({ length: 8 }, (_, i) => node(`n${i}`, { gpus: "none" }));
    expect(nodesStage(many, 8).words).toMatch(/n4 offers no [^;]+; and 3 more$/);
  });

  it("sees a node of which nothing is known yet", () => {
    expect(nodesStage([{ metadata: { name: "new" } }], 1)).toMatchObject({
      stage: "not-ready",
      words: "0 of 1 can be used; new is not ready",
    });
  });

  it("has a remedy for every stage that isn't the last", () => {
    expect(Object.keys(REMEDIES)).toEqual([
      "no-node",
      "not-ready",
      "no-pci-label",
      "no-gpu-labels",
      "no-gpu",
    ]);
  });
});
