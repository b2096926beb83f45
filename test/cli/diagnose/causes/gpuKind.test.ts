import { expect, test } from "vitest";
import { ended, gpuNode, kaitoController, modelPod, workspace } from "../support/objects.ts";
import { about, cause, causesOf, evidenceOf } from "../support/snapshots.ts";

const T4 = { "node.kubernetes.io/instance-type": "Standard_NC4as_T4_v3" };
const scene = (labels: Record<string, string>, pods: ReturnType<typeof modelPod>[] = []) => ({
  objects: {
    deployments: [kaitoController()],
    nodes: [gpuNode("aks-gpu-0", { labels })],
    workspaces: [workspace()],
    pods,
  },
});
/** A node on which feature discovery hasn't run. */
const undiscovered = (labels: Record<string, string>) => {
  const node = gpuNode();
  node.metadata.labels = { "mcpaas.dev/pool": "gpu", ...labels };
  return { objects: { ...scene({}).objects, nodes: [node] } };
};

test("by the VM size", () => {
  const subject = about("workspace/phi", undiscovered(T4));
  const found = cause("unsupported-gpu", subject);
  expect(found.summary).toContain("Standard_NC4as_T4_v3 has T4 GPUs of CUDA compute capability 7.5");
  expect(found.next[0]?.command).toContain("select-sku");
});

test("by what feature discovery found", () => {
  const labels = { "nvidia.com/gpu.product": "Tesla-V100-PCIE-16GB", "nvidia.com/cuda.compute.major": "7" };
  const subject = about("workspace/phi", scene(labels));
  expect(evidenceOf("unsupported-gpu", subject)).toContain("7.0, and 8.0 is needed");
});

test("by its product alone", () => {
  const subject = about("workspace/phi", undiscovered({ "nvidia.com/gpu.product": "Tesla-T4" }));
  expect(evidenceOf("unsupported-gpu", subject)).toContain("Tesla-T4");
});

test("is certain when the log says so, and explains the crash", () => {
  const crashing = modelPod({ nodeName: "aks-gpu-0", phase: "Running", containers: [ended("phi", 1)] });
  // The message of vLLM's check of a GPU's capability.
  const line =
    "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has compute capability 7.5.";
  const logs = [{ namespace: "models", pod: "phi-0", container: "phi", previous: true, lines: [line, ""] }];
  const labels = { "nvidia.com/cuda.compute.major": "7", "nvidia.com/cuda.compute.minor": "5" };
  const subject = about("workspace/phi", { ...scene(labels, [crashing]), logs });
  expect(causesOf(subject)).toEqual(["unsupported-gpu"]);
  expect(cause("unsupported-gpu", subject).consequences.map((each) => each.cause)).toContain("crash-loop");
});

test("a size that isn't known is only possible, and one that is known to do isn't", () => {
  expect(
    cause(
      "unsupported-gpu",
      about("workspace/phi", undiscovered({ "node.kubernetes.io/instance-type": "Standard_NC99x_v9" })),
    ).likelihood,
  ).toBe(0.3);
  expect(causesOf(about("workspace/phi", scene({})))).not.toContain("unsupported-gpu");
});
