/** What KAITO knows about tuning a model. */
export interface KaitoTuning {
  /** GPUs of one node. */
  gpus: number;
  /** Memory that KAITO asks of those GPUs together, in GiB. */
  gpuMemoryGiB: number;
  /** Disk that model, data and results need, in GiB. */
  diskGiB: number;
  /** The layers that get adapters when the training config names none. @default - those that PEFT finds */
  defaultTargetModules?: readonly string[];
  /** The layers that get adapters, when PEFT doesn't find them by itself and they must be named. */
  requiredTargetModules?: readonly string[];
  /** Why KAITO can't tune it all the same. */
  problem?: string;
}

// DEFAULT_TARGET_MODULES in pkg/workspace/tuning/preset_tuning.go: of presets whose name begins with "phi-3".
const defaultTargetModules = ["k_proj", "q_proj", "v_proj", "o_proj", "gate_proj", "down_proj", "up_proj"];
const phi3 = { gpus: 1, gpuMemoryGiB: 72, diskGiB: 80, defaultTargetModules };
const phi3Medium = { gpus: 1, gpuMemoryGiB: 80, diskGiB: 120, defaultTargetModules };

/**
 * The models that KAITO 0.11.0 tunes, by the name that they are served under.
 * Source: TransformerTuningParameters in presets/workspace/models/transformer_runtime_tuning_parameters.go; the
 * defaults of the target modules are elsewhere. Those of phi-4-mini-instruct: website/docs/tuning.md.
 */
export const TUNING: Readonly<Record<string, KaitoTuning>> = {
  "phi-4": { gpus: 1, gpuMemoryGiB: 70, diskGiB: 150 },
  "phi-4-mini-instruct": {
    gpus: 1,
    gpuMemoryGiB: 72,
    diskGiB: 70,
    requiredTargetModules: ["qkv_proj", "o_proj"],
  },
  "phi-3-mini-4k-instruct": phi3,
  "phi-3-mini-128k-instruct": phi3,
  "phi-3-medium-4k-instruct": phi3Medium,
  "phi-3-medium-128k-instruct": phi3Medium,
  "phi-3.5-mini-instruct": { gpus: 1, gpuMemoryGiB: 72, diskGiB: 70, defaultTargetModules },
  "mistral-7b-v0.3": {
    gpus: 1,
    gpuMemoryGiB: 16,
    diskGiB: 90,
    // GetTuningParameters looks the served name up in supported_models.yaml, which has "mistral-7b" (MustGet).
    problem:
      "KAITO 0.11.0 looks it up under a name that its list of supported models doesn't have, and panics",
  },
  "qwen2.5-coder-7b-instruct": { gpus: 1, gpuMemoryGiB: 24, diskGiB: 110 },
  "qwen2.5-coder-32b-instruct": { gpus: 1, gpuMemoryGiB: 140, diskGiB: 230 },
};
