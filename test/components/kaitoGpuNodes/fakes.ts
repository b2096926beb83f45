import type { NodeObject } from "../../../components/kaitoGpuNodes/stage.ts";
import type { Surroundings } from "../../../components/kaitoGpuNodes/wait.ts";

/** The labels that KAITO reads. */
export const GPU_LABELS = {
  "nvidia.com/gpu.product": "NVIDIA-A100-80GB-PCIe",
  "nvidia.com/gpu.count": "1",
  "nvidia.com/gpu.memory": "81920",
};
export const PCI = { "feature.node.kubernetes.io/pci-10de.present": "true" };

/** A node that KAITO can use, but for what is said. */
export function node(
  name: string,
  {
    ready = "True",
    labels = { ...PCI, ...GPU_LABELS },
    gpus = "1",
  }: { ready?: string; labels?: Record<string, string>; gpus?: string | undefined } = {},
): NodeObject {
  return {
    metadata: { name, labels },
    status: {
      conditions: [
        { type: "DiskPressure", status: "False" },
        { type: "Ready", status: ready, ...(ready === "True" ? {} : { message: "cni is not ready" }) },
      ],
      allocatable: gpus === "none" ? { cpu: "24" } : { cpu: "24", "nvidia.com/gpu": gpus },
    },
  };
}

/** Surroundings in which time passes only while somebody sleeps; each look sees the next, the last one for ever. */
export function surroundings(...sights: (NodeObject[] | Error)[]) {
  const said: string[] = [];
  let time = 0;
  let closed = false;
  const around: Surroundings = {
    async nodes() {
      const sight = sights.length > 1 ? sights.shift() : sights[0];
      if (sight instanceof Error) throw sight;
      return sight ?? [];
    },
    close: async () => {
      closed = true;
    },
    log: {
      info: async (message) => void said.push(message),
      warn: async (message) => void said.push(`warning: ${message}`),
    },
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
  };
  return { around, said, closed: () => closed, time: () => time };
}
