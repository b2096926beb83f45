/** One model: its Hugging Face id, KAITO's short name, GiB of weights, tokens, bytes a token, tool call parser. */
export type CatalogueRow = readonly [
  id: string,
  preset: string,
  fileSizeGiB: number,
  tokenLimit: number,
  bytesPerToken: number,
  toolCallParser?: string,
];

/**
 * The models that KAITO 0.11.0 knows the size of. Ids, sizes and token limits are those of
 * presets/workspace/models/model_catalog.yaml, short names those of LegacyBuiltinToCatalog in
 * pkg/utils/plugin/plugin.go. Bytes a token (of the KV cache: layers x elements x 2) and the parser are what
 * presets/workspace/generator/generator.go makes of the same file. No parser means that KAITO doesn't switch
 * tool calling on, whatever its documentation says of phi-4 and phi-4-mini-instruct.
 */
export const CATALOGUE: readonly CatalogueRow[] = [
  ["microsoft/phi-4", "phi-4", 27.31, 16384, 204800],
  ["microsoft/Phi-4-mini-instruct", "phi-4-mini-instruct", 7.15, 131072, 131072],
  [
    "deepseek-ai/DeepSeek-R1-Distill-Llama-8B",
    "deepseek-r1-distill-llama-8b",
    14.96,
    131072,
    131072,
    "deepseek_v3",
  ],
  [
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B",
    "deepseek-r1-distill-qwen-14b",
    27.51,
    131072,
    196608,
    "deepseek_v3",
  ],
  ["microsoft/Phi-3-mini-4k-instruct", "phi-3-mini-4k-instruct", 7.12, 4096, 393216],
  ["microsoft/Phi-3-mini-128k-instruct", "phi-3-mini-128k-instruct", 7.12, 131072, 393216],
  ["microsoft/Phi-3-medium-4k-instruct", "phi-3-medium-4k-instruct", 26, 4096, 204800],
  ["microsoft/Phi-3-medium-128k-instruct", "phi-3-medium-128k-instruct", 26, 131072, 204800],
  ["microsoft/Phi-3.5-mini-instruct", "phi-3.5-mini-instruct", 7.12, 131072, 393216],
  ["Qwen/Qwen2.5-Coder-7B-Instruct", "qwen2.5-coder-7b-instruct", 14.19, 32768, 57344, "hermes"],
  ["Qwen/Qwen2.5-Coder-32B-Instruct", "qwen2.5-coder-32b-instruct", 61.03, 32768, 262144, "hermes"],
  ["openai/gpt-oss-20b", "gpt-oss-20b", 25.63, 131072, 49152, "openai"],
  ["openai/gpt-oss-120b", "gpt-oss-120b", 121.54, 131072, 73728, "openai"],
  ["meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b-instruct", 14.96, 131072, 131072, "llama3_json"],
  ["meta-llama/Llama-3.3-70B-Instruct", "llama-3.3-70b-instruct", 131.42, 131072, 327680, "llama3_json"],
  ["mistralai/Mistral-7B-v0.3", "mistral-7b", 13.5, 32768, 131072, "mistral"],
  ["mistralai/Mistral-7B-Instruct-v0.3", "mistral-7b-instruct", 13.5, 32768, 131072, "mistral"],
  ["mistralai/Ministral-3-3B-Instruct-2512", "ministral-3-3b-instruct", 4.35, 262144, 106496],
  ["mistralai/Ministral-3-8B-Instruct-2512", "ministral-3-8b-instruct", 9.7, 262144, 139264],
  ["mistralai/Ministral-3-14B-Instruct-2512", "ministral-3-14b-instruct", 14.65, 262144, 163840],
  ["google/gemma-3-4b-it", "gemma-3-4b-instruct", 8.01, 131072, 139264, "functiongemma"],
  ["google/gemma-3-27b-it", "gemma-3-27b-instruct", 51.1, 131072, 507904, "functiongemma"],
  ["deepseek-ai/DeepSeek-R1-0528", "deepseek-r1-0528", 641.3, 163840, 70272, "deepseek_v3"],
  ["deepseek-ai/DeepSeek-V3-0324", "deepseek-v3-0324", 641.3, 163840, 70272, "deepseek_v3"],
  [
    "mistralai/Mistral-Large-3-675B-Instruct-2512",
    "mistral-large-3-675b-instruct",
    634.7,
    294912,
    70272,
    "mistral",
  ],
  ["nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-BF16", "", 230.25, 262144, 90112, "qwen3_coder"],
  ["nvidia/Nemotron-Cascade-2-30B-A3B", "", 58.82, 262144, 53248, "qwen3_coder"],
  ["nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", "", 58.82, 262144, 53248, "qwen3_coder"],
  ["nvidia/NVIDIA-Nemotron-Nano-12B-v2-VL-BF16", "", 24.55, 131072, 253952, "qwen3_coder"],
  ["nvidia/NVIDIA-Nemotron-Nano-9B-v2", "", 16.56, 131072, 229376, "qwen3_coder"],
  ["nvidia/NVIDIA-Nemotron-3-Nano-4B-BF16", "", 7.4, 262144, 172032, "qwen3_coder"],
  ["Qwen/Qwen3-8B-AWQ", "", 5.68, 40960, 147456, "hermes"],
  ["google/gemma-4-31B-it", "", 58.25, 262144, 983040, "gemma4"],
  ["google/gemma-4-26B-A4B-it", "", 48.07, 262144, 245760, "gemma4"],
  ["google/gemma-4-E4B-it", "", 14.89, 131072, 86016, "gemma4"],
  ["google/gemma-4-E2B-it", "", 9.54, 131072, 35840, "gemma4"],
  ["mistralai/Mistral-Small-4-119B-2603", "", 112.63, 1048576, 23040, "mistral"],
  ["mistralai/Mistral-Small-4-119B-2603-NVFP4", "", 65.95, 1048576, 23040, "mistral"],
  ["Qwen/Qwen3.5-2B", "", 4.24, 262144, 49152, "qwen3_coder"],
  ["Qwen/Qwen3.5-4B", "", 8.68, 262144, 131072, "qwen3_coder"],
  ["Qwen/Qwen3.5-9B", "", 17.98, 262144, 131072, "qwen3_coder"],
  ["Qwen/Qwen3.5-122B-A10B-GPTQ-Int4", "", 73.47, 262144, 98304, "qwen3_coder"],
  ["Qwen/Qwen3.5-122B-A10B", "", 232.99, 262144, 98304, "qwen3_coder"],
  ["Qwen/Qwen3.6-35B-A3B-FP8", "", 34.9, 262144, 81920, "qwen3_coder"],
  ["Qwen/Qwen3.6-35B-A3B", "", 66.97, 262144, 81920, "qwen3_coder"],
  ["Qwen/Qwen3.6-27B", "", 51.75, 262144, 262144, "qwen3_coder"],
  ["Qwen/Qwen3.5-397B-A17B-GPTQ-Int4", "", 219.56, 262144, 122880, "qwen3_coder"],
  ["moonshotai/Kimi-K2.5", "", 554.32, 262144, 70272, "kimi_k2"],
  ["moonshotai/Kimi-K2.6", "", 554.32, 262144, 70272, "kimi_k2"],
  ["MiniMaxAI/MiniMax-M2.7", "", 214.34, 204800, 253952, "minimax"],
  ["mistralai/Mistral-Medium-3.5-128B", "", 124.43, 262144, 360448, "mistral"],
];

/**
 * Models that Hugging Face hands out only to those who accepted their licence. Sources: downloadAuthRequired in
 * presets/workspace/models/supported_models.yaml for Llama, the secret in examples/inference for Gemma 3 (whose
 * model cards say so too). KAITO 0.11 itself no longer checks it: its catalogue has no such field.
 */
export const GATED: ReadonlySet<string> = new Set([
  "meta-llama/Llama-3.1-8B-Instruct",
  "meta-llama/Llama-3.3-70B-Instruct",
  "google/gemma-3-4b-it",
  "google/gemma-3-27b-it",
]);

/**
 * Models that the runtime "transformers" can serve, by the name that they are served under.
 * Source: TransformerInferenceParameters in presets/workspace/models/transformer_runtime_inference_parameters.go;
 * "mistral-large-3-675b-instruct" is there too, but under a name that no model of the catalogue is looked up by.
 */
export const TRANSFORMERS: ReadonlySet<string> = new Set([
  "phi-4",
  "phi-3-mini-4k-instruct",
  "phi-3-mini-128k-instruct",
  "phi-3-medium-4k-instruct",
  "phi-3-medium-128k-instruct",
  "phi-3.5-mini-instruct",
  "mistral-7b-v0.3",
  "mistral-7b-instruct-v0.3",
  "gemma-3-4b-it",
  "gemma-3-27b-it",
  "qwen2.5-coder-7b-instruct",
  "qwen2.5-coder-32b-instruct",
  "llama-3.1-8b-instruct",
  "llama-3.3-70b-instruct",
  "gpt-oss-20b",
  "gpt-oss-120b",
  "deepseek-r1-distill-llama-8b",
  "deepseek-r1-distill-qwen-14b",
  "deepseek-r1-0528",
  "deepseek-v3-0324",
]);

/**
 * Names that KAITO's supported_models.yaml still lists but that its controller refuses, and the Hugging Face id
 * under which the model can be asked for instead.
 */
export const RETIRED: Readonly<Record<string, string>> = {
  "falcon-7b": "tiiuae/falcon-7b",
  "falcon-7b-instruct": "tiiuae/falcon-7b-instruct",
  "falcon-40b": "tiiuae/falcon-40b",
  "falcon-40b-instruct": "tiiuae/falcon-40b-instruct",
  "phi-2": "microsoft/phi-2",
};
