import { A10, A100, type Given, NEEDS_TRANSFORMERS, nodes, PHI_3_ADAPTER, type Row, served } from "./row.ts";

/** Examples of a preset on a VM size and nothing else: file, preset, size, label, and name where it's another. */
const PRESETS: readonly (readonly [string, string, string, string, string?])[] = [
  ["deepseek_r1_distill_llama_8b", "deepseek-r1-distill-llama-8b", A100, "deepseek-r1-distill-llama-8b"],
  ["deepseek_r1_distill_qwen_14b", "deepseek-r1-distill-qwen-14b", A100, "deepseek-r1-distill-qwen-14b"],
  ["ministral_3_14b_instruct", "ministral-3-14b-instruct", A100, "ministral-3-14b-instruct"],
  ["ministral_3_3b_instruct", "ministral-3-3b-instruct", A10, "ministral-3-3b-instruct"],
  ["ministral_3_8b_instruct", "ministral-3-8b-instruct", A100, "ministral-3-8b-instruct"],
  ["mistral_7b-instruct", "mistral-7b-instruct", A100, "mistral-7b-instruct"],
  ["mistral_7b", "mistral-7b", A100, "mistral-7b"],
  ["phi_3.5-instruct", "phi-3.5-mini-instruct", A100, "phi-3-5", "workspace-phi-3-5-mini"],
  ["phi_3_medium_128k", "phi-3-medium-128k-instruct", A100, "phi-3", "workspace-phi-3-medium"],
  ["phi_3_medium_4k", "phi-3-medium-4k-instruct", A100, "phi-3", "workspace-phi-3-medium"],
  ["phi_3_mini_128k", "phi-3-mini-128k-instruct", A100, "phi-3", "workspace-phi-3-mini"],
  ["phi_3_mini_4k", "phi-3-mini-4k-instruct", A100, "phi-3", "workspace-phi-3-mini"],
  ["phi_4", "phi-4", A100, "phi-4"],
  ["phi_4_mini", "phi-4-mini-instruct", A100, "phi-4", "workspace-phi-4-mini"],
  [
    "qwen_2.5_coder_32b-instruct",
    "qwen2.5-coder-32b-instruct",
    A100,
    "qwen",
    "workspace-qwen-2-5-coder-32b-instruct",
  ],
  [
    "qwen_2.5_coder_7b-instruct",
    "qwen2.5-coder-7b-instruct",
    A100,
    "qwen-2-5-coder",
    "workspace-qwen-2-5-coder-7b-instruct",
  ],
];

/** Examples for an Arc cluster: file, name, preset. */
const ARC: readonly (readonly [string, string, string, Partial<Given>?, Row["differs"]?])[] = [
  ["deepseek_r1_distill_llama_8b", "workspace-deepseek-r1-distill-llama-8b", "deepseek-r1-distill-llama-8b"],
  [
    "deepseek_r1_distill_llama_8b_with_customized_config",
    "workspace-deepseek-r1-distill-llama-8b",
    "deepseek-r1-distill-llama-8b",
    { config: { maxProbeSteps: 6, cpuOffloadGiB: 0, maxModelLength: 4096, vllm: { "swap-space": 4 } } },
  ],
  ["deepseek_r1_distill_qwen_14b", "workspace-deepseek-r1-distill-qwen-14b", "deepseek-r1-distill-qwen-14b"],
  ["phi_3.5-instruct", "workspace-phi-3-5-mini", "phi-3.5-mini-instruct"],
  ["phi_3_medium_128k", "workspace-phi-3-medium", "phi-3-medium-128k-instruct"],
  ["phi_3_medium_4k", "workspace-phi-3-medium", "phi-3-medium-4k-instruct"],
  ["phi_3_mini_128k", "workspace-phi-3-mini", "phi-3-mini-128k-instruct"],
  ["phi_3_mini_4k", "workspace-phi-3-mini", "phi-3-mini-4k-instruct"],
  [
    "phi_3_with_adapters",
    "workspace-phi-3-mini-adapter",
    PHI_3_ADAPTER.model,
    PHI_3_ADAPTER,
    NEEDS_TRANSFORMERS,
  ],
  ["phi_4_mini", "workspace-phi-4-mini", "phi-4-mini-instruct"],
  ["qwen_2.5_coder_7b-instruct", "workspace-qwen-2-5-coder-7b-instruct", "qwen2.5-coder-7b-instruct"],
];

export const presetRows: readonly Row[] = [
  ...PRESETS.map(([file, model, vmSize, apps, name = `workspace-${apps}`]) =>
    served(`workspace_${file}`, name, { model, nodes: nodes(vmSize, apps) }),
  ),
  ...ARC.map(([file, name, model, more, differs]) =>
    served(
      `arc-examples/workspace_${file}`,
      name,
      // The nodes are there already.
      { model, nodes: { matchLabels: { apps: "llm-inference" } }, ...more },
      {
        "resource.instanceType": "a placeholder, and KAITO 0.11 refuses one for nodes that are there",
        ...differs,
      },
    ),
  ),
];
