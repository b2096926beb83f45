import { stringify } from "yaml";
import type { KaitoModel } from "../kaito/models.ts";
import { type Check, ensure, InputPropertyError, wholeNumber } from "../validation.ts";

/**
 * How vLLM serves the model. Sources: website/docs/inference.md, charts/kaito/workspace/templates/
 * inference-params.yaml and presets/workspace/inference/vllm/inference_api.py of KAITO v0.11.0.
 */
export interface KaitoInferenceConfig {
  /**
   * Tokens of the context, prompt and answer together; more than the model has is an error. KAITO also decides by it
   * how many nodes the model needs. Source: vLLM's `max-model-len`. @default - as many as fit, found out at start
   */
  maxModelLength?: number;
  /**
   * Share of a GPU's memory that vLLM may use, above 0 to 1. Source: vLLM's `gpu-memory-utilization`.
   * @default - KAITO's: 0.84
   */
  gpuMemoryUtilization?: number;
  /**
   * GPUs of a node that share the weights; more than there are and vLLM doesn't start. Source: vLLM's
   * `tensor-parallel-size`. @default - KAITO's: all of the node, or 1 when each GPU can hold two copies
   */
  tensorParallelSize?: number;
  /** GiB of weights a GPU that stay in the node's memory. Source: vLLM's `cpu-offload-gb`. @default 0 */
  cpuOffloadGiB?: number;
  /**
   * Share of the node's free memory that takes in what the KV cache has no room for, 0 to 1; 0 switches it off. KAITO
   * itself switches it off for models that can't. Source: `kv_cache_cpu_memory_utilization`. @default - KAITO's: 0.5
   */
  kvCacheCpuMemoryUtilization?: number;
  /** Source: `max_probe_steps`, which the server of KAITO 0.11 reads but no longer uses. @default - KAITO's: 6 */
  maxProbeSteps?: number;
  /**
   * How vLLM reads the model's tool calls, for example "phi4_mini_json"; the model may then call tools whenever it
   * wants. Needed for phi-4 and phi-4-mini-instruct, for which KAITO 0.11 sets none. Sources: vLLM's
   * `tool-call-parser` and `enable-auto-tool-choice`. @default - KAITO's for the model, if it has one
   */
  toolCallParser?: string;
  /**
   * File with the chat template, in the image; KAITO's are in /workspace/chat_templates. Source: vLLM's
   * `chat-template`. @default - KAITO's for the model, else the model's own
   */
  chatTemplate?: string;
  /**
   * Other arguments of vLLM, by their names without "--". One that vLLM doesn't know keeps it from starting. KAITO
   * can pass on arguments with a value only; those that are true, false, a list or an object go into a file that
   * vLLM reads itself (`config`), and so can't change what KAITO sets. @default - none
   */
  vllm?: Record<string, VllmArgument>;
}

/** A value of an argument of vLLM. */
export type VllmArgument = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>;

/** Where KAITO mounts the ConfigMap. Source: DefaultConfigMapMountPath in pkg/utils/common_preset.go. */
const MOUNT = "/mnt/config";
const FLAGS_FILE = "vllm.yaml";

const share: Check<number> = (value) =>
  value >= 0 && value <= 1 ? undefined : `${value} is not allowed; it must be from 0 to 1`;
const positiveShare: Check<number> = (value) =>
  value > 0 ? share(value) : `${value} is not allowed; it must be above 0, and 1 at most`;
const amount: Check<number> = (value) =>
  value >= 0 ? undefined : `${value} is not allowed; it must be 0 or more`;

/** Arguments that have a place of their own, or that would break what the component promises. */
const NOT_FREE: Readonly<Record<string, string>> = {
  "max-model-len": "has a field of its own: config.maxModelLength",
  "gpu-memory-utilization": "has a field of its own: config.gpuMemoryUtilization",
  "tensor-parallel-size": "has a field of its own: config.tensorParallelSize",
  "cpu-offload-gb": "has a field of its own: config.cpuOffloadGiB",
  "tool-call-parser": "has a field of its own: config.toolCallParser",
  "enable-auto-tool-choice": "goes with config.toolCallParser",
  "chat-template": "has a field of its own: config.chatTemplate",
  model: "is KAITO's; set model",
  "served-model-name": "is KAITO's, and clients are told it as modelName",
  host: "is KAITO's: the server listens on all of the pod's addresses",
  port: "is KAITO's: its Service leads to port 5000",
  config: "is used by this component itself; set its entries under config.vllm",
  "download-dir": "is KAITO's: it makes the volume for the weights",
  "api-key":
    "would be a secret in a ConfigMap, and covers a part of the paths only; clients says who may call",
};

/** The ConfigMap's data, by the files that it becomes. */
export function inferenceConfigData(
  config: KaitoInferenceConfig,
  model?: KaitoModel,
): Record<string, string> {
  const checked = <T>(key: keyof KaitoInferenceConfig, value: T | undefined, check: Check<T>) =>
    value === undefined ? undefined : ensure(`config.${key}`, value, check);
  const { toolCallParser, vllm = {} } = config;
  for (const name of Object.keys(vllm)) refuseTaken(name);
  const plain = Object.entries(vllm).filter(([, value]) => hasPlainValue(value));
  const flags = {
    ...(toolCallParser === undefined ? {} : { "enable-auto-tool-choice": true }),
    ...Object.fromEntries(Object.entries(vllm).filter(([, value]) => !hasPlainValue(value))),
  };
  const needsFile = Object.keys(flags).length > 0;
  const main = {
    max_probe_steps: checked("maxProbeSteps", config.maxProbeSteps, wholeNumber(0, 100)),
    kv_cache_cpu_memory_utilization: checked(
      "kvCacheCpuMemoryUtilization",
      config.kvCacheCpuMemoryUtilization,
      share,
    ),
    vllm: {
      "max-model-len": checked("maxModelLength", config.maxModelLength, contextLength(model)),
      "gpu-memory-utilization": checked("gpuMemoryUtilization", config.gpuMemoryUtilization, positiveShare),
      "tensor-parallel-size": checked("tensorParallelSize", config.tensorParallelSize, wholeNumber(1, 16)),
      "cpu-offload-gb": checked("cpuOffloadGiB", config.cpuOffloadGiB, amount),
      "tool-call-parser": toolCallParser,
      "chat-template": config.chatTemplate,
      ...Object.fromEntries(plain),
      ...(needsFile ? { config: `${MOUNT}/${FLAGS_FILE}` } : {}),
    },
  };
  return {
    "inference_config.yaml": stringify(main),
    ...(needsFile ? { [FLAGS_FILE]: stringify(flags) } : {}),
  };
}

function hasPlainValue(value: VllmArgument): boolean {
  return typeof value === "string" || typeof value === "number";
}

function contextLength(model: KaitoModel | undefined): Check<number> {
  return (value) => {
    const most = model?.tokenLimit ?? 10_000_000;
    const reason = wholeNumber(1, most)(value);
    return reason && model && value > most
      ? `${value} is more than ${model.name} can take; it must be ${most} at most`
      : reason;
  };
}

function refuseTaken(name: string): void {
  const path = `config.vllm.${name}`;
  if (!/^[a-z][a-z0-9]*([-_.][a-z0-9_]+)*$/.test(name)) {
    throw new InputPropertyError(path, "is no argument of vLLM; write it without --, as in max-num-seqs");
  }
  // vLLM takes both spellings.
  const why = NOT_FREE[name.replaceAll("_", "-")];
  if (why !== undefined) throw new InputPropertyError(path, why);
}
