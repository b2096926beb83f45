import {
  looksLikeGpu,
  minComputeCapability,
  supportedGpu,
  whyUnsupported,
} from "../../../components/vmSkuSelection/gpus.ts";
import { type Cause, type Evidence, ref } from "../finding.ts";
import { vmSizeOf } from "../gpuNodes.ts";
import type { Node } from "../objects.ts";
import { logLine, ofLog } from "../podState.ts";
import { poolSetting } from "../settings.ts";
import { ON_GPUS } from "./roles.ts";

/** What GPU feature discovery calls NVIDIA GPUs of a compute capability below 8.0. */
const OLD_PRODUCT = /\b(T4|V100|P100|P40|M60|K80)\b/;
/** vLLM and PyTorch, when a GPU is too old for them. */
const LOGGED = /compute capability|no kernel image is available/i;

/** The GPUs are of a kind that KAITO's models don't run on. */
export const unsupportedGpu: Cause = {
  id: "unsupported-gpu",
  roles: ON_GPUS,
  warns: true,
  explains: ["crash-loop", "gpu-memory", "probe-failing", "still-starting"],
  judge(cluster, subject) {
    const found = (subject.nodes ?? []).flatMap((node) => unfit(node));
    const [first] = found;
    if (!subject.needsGpu || first === undefined) return undefined;
    const line = logLine(cluster, subject, LOGGED);
    return {
      summary: `Its GPUs are of a kind that KAITO's models don't run on: ${first.words}.`,
      likelihood: line ? 0.97 : first.sure ? 0.75 : 0.3,
      evidence: [...found.slice(0, 3).map(({ evidence }) => evidence), ...(line ? [ofLog(line)] : [])],
      next: [
        {
          text: "Choose a VM size with newer GPUs that the subscription has quota for",
          command: "npm run select-sku -- --location <region> --gpus 1",
        },
        {
          text: `Then let the pool be made anew with it: the setting ${poolSetting(subject)}.vmSize`,
          command: "pulumi up",
        },
      ],
    };
  },
};

interface Unfit {
  words: string;
  sure: boolean;
  evidence: Evidence;
}

function unfit(node: Node): Unfit[] {
  const { labels = {} } = node.metadata;
  const object = ref("node", node);
  const major = labels["nvidia.com/cuda.compute.major"];
  const capability = Number(`${major}.${labels["nvidia.com/cuda.compute.minor"] ?? 0}`);
  const product = labels["nvidia.com/gpu.product"] ?? "";
  const size = vmSizeOf(labels);
  if (major !== undefined && capability < minComputeCapability) {
    const value = `${capability.toFixed(1)}, and ${minComputeCapability.toFixed(1)} is needed`;
    return [
      {
        words: `CUDA compute capability ${value}`,
        sure: true,
        evidence: { object, field: "label nvidia.com/cuda.compute.major and .minor", value },
      },
    ];
  }
  if (OLD_PRODUCT.test(product.replaceAll("-", " "))) {
    return [
      {
        words: product,
        sure: true,
        evidence: { object, field: "label nvidia.com/gpu.product", value: product },
      },
    ];
  }
  if (major === undefined && looksLikeGpu(size) && supportedGpu(size) === undefined) {
    const why = whyUnsupported(size);
    return [
      {
        words: `${size} ${why}`,
        sure: !/not in the table/.test(why),
        evidence: { object, field: "label node.kubernetes.io/instance-type", value: size },
      },
    ];
  }
  return [];
}
