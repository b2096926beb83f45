import { expect, test } from "vitest";
import { gpuAnnotation, gpuHardware, gpusOf } from "../../rehearsal/cluster/gpuHardware.ts";
import { agentOf, discoveredLabels } from "../../rehearsal/cluster/gpuLabels.ts";

test.each([
  ["Standard_NV36ads_A10_v5", 1, "NVIDIA A10", 24, "NVIDIA-A10-24Q", "24512", "ampere"],
  ["Standard_NV72ads_A10_v5", 2, "NVIDIA A10", 48, "NVIDIA-A10-24Q", "24512", "ampere"],
  ["Standard_NV6ads_A10_v5", 1, "NVIDIA A10", 4, "NVIDIA-A10-4Q", "4096", "ampere"],
  ["Standard_NC96ads_A100_v4", 4, "NVIDIA A100", 320, "NVIDIA-A100-80GB-PCIe", "81920", "ampere"],
  ["Standard_ND96amsr_A100_v4", 8, "NVIDIA A100", 640, "NVIDIA-A100-SXM4-80GB", "81920", "ampere"],
  ["Standard_NC40ads_H100_v5", 1, "NVIDIA H100", 94, "NVIDIA-H100-NVL", "95830", "hopper"],
  ["Standard_NC4as_T4_v3", 1, "NVIDIA T4", 16, "Tesla-T4", "15360", "turing"],
])(
  "%s is discovered as the driver names it",
  (vmSize, gpus, gpuModel, gpuMemoryGiB, product, memory, family) => {
    const hardware = gpuHardware({ vmSize, gpus, gpuModel, gpuMemoryGiB });
    expect(gpusOf({ metadata: { annotations: gpuAnnotation(hardware) } })).toEqual(hardware);
    expect(hardware && discoveredLabels(hardware)).toMatchObject({
      "nvidia.com/gpu.product": product,
      "nvidia.com/gpu.count": String(gpus),
      "nvidia.com/gpu.memory": memory,
      "nvidia.com/gpu.family": family,
    });
  },
);

test("a machine without GPUs has none to discover", () => {
  expect(gpuHardware({ vmSize: "Standard_D4s_v5", gpus: 0 })).toBeUndefined();
  expect(gpusOf({ metadata: { annotations: gpuAnnotation(undefined) } })).toBeUndefined();
});

test("a worker that tells its master by gRPC is told apart", () => {
  const worker = {
    name: "worker",
    image: "registry.k8s.io/nfd/node-feature-discovery:v0.15.3",
    command: ["nfd-worker"],
  };
  expect(agentOf({ ...worker, args: ["-enable-nodefeature-api=false"] })).toBe("nfd-grpc-worker");
  expect(agentOf({ ...worker, args: ["-metrics=8081"] })).toBe("nfd-worker");
});

test.each([
  ["mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:v0.18.2-1", undefined, "device-plugin"],
  ["nvcr.io/nvidia/k8s-device-plugin:v0.17.4", "nvidia-device-plugin", "device-plugin"],
  [
    "mirror.example.com:5000/k8s-device-plugin@sha256:ab",
    "/usr/bin/gpu-feature-discovery",
    "gpu-feature-discovery",
  ],
  ["nvcr.io/nvidia/k8s-device-plugin:v0.17.4", "mps-control-daemon", undefined],
  ["registry.k8s.io/nfd/node-feature-discovery:v0.15.3", "nfd-worker", "nfd-worker"],
  ["registry.k8s.io/nfd/node-feature-discovery:v0.15.3", "nfd-gc", undefined],
  ["example.com/my-k8s-device-plugin:1", undefined, undefined],
])("%s with the command %s is %s", (image, command, agent) => {
  expect(agentOf({ name: "main", image, ...(command ? { command: [command] } : {}) })).toBe(agent);
});
