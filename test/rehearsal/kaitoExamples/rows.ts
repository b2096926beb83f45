import { KaitoRagEngine } from "../../../components/kaitoRagEngine.ts";
import { KaitoTuningJob, type KaitoTuningJobArgs } from "../../../components/kaitoTuningJob.ts";
import { KaitoWorkspace } from "../../../components/kaitoWorkspace.ts";
import { CUSTOM_POD } from "./customPod.ts";
import { presetRows } from "./presets.ts";
import {
  A10,
  A100,
  type Given,
  NAMESPACE,
  NEEDS_TRANSFORMERS,
  nodes,
  PHI_3_ADAPTER,
  type Row,
  served,
} from "./row.ts";

/** The largest models. */
function tooManyNodes(file: string, model: string, apps: string): Row {
  const args = { model, nodes: nodes("Standard_NC80adis_H100_v5", apps), fitCheck: false };
  return served(`workspace_${file}`, `workspace-${apps}`, args, {
    "metadata.annotations.kaito\\.sh/bypass-resource-checks":
      "5 nodes by KAITO's own estimate, and its controller stops at 3: fitCheck: false here, and it fails there",
  });
}

function inferenceSet(
  file: string,
  name: string,
  nodeCountLimit: number,
  more: Partial<Given>,
  differs: Record<string, string> = {},
): Row {
  const scaler = "kaito-scaler";
  const autoscaling = { scaler, waitingRequests: 10, maxReplicas: nodeCountLimit } as const;
  const inferenceSet = { nodeCountLimit, autoscaling };
  return served(
    file,
    name,
    { nodes: nodes(A100, name), inferenceSet, ...more },
    {
      ...differs,
      "metadata.annotations.scaledobject\\.kaito\\.sh/max-replicas":
        "required by KAITO 0.11's documentation, and left out of its examples",
    },
  );
}

const TUNED_PHI_3: KaitoTuningJobArgs = {
  namespace: NAMESPACE,
  kubeconfig: "{}",
  preset: "phi-3-mini-128k-instruct",
  method: "qlora",
  nodes: { provision: true, vmSize: A100, matchLabels: { app: "tuning-phi-3" } },
  input: {
    urls: [
      "https://huggingface.co/datasets/philschmid/dolly-15k-oai-style/resolve/main/data/" +
        "train-00000-of-00001-54e3756291ca09c6.parquet?download=true",
    ],
  },
  output: {
    image: { name: "registry.example/tuned:0.0.1", pushSecret: "ACR_REGISTRY_SECRET_HERE" },
  },
};

function tuning(file: string, args: Partial<KaitoTuningJobArgs>, more: Pick<Row, "differs" | "only">): Row {
  const make = () => new KaitoTuningJob("workspace-tuning-phi-3", { ...TUNED_PHI_3, ...args });
  return { file: `fine-tuning/${file}`, make, ...more };
}

export const rows: readonly Row[] = [
  ...presetRows,
  tooManyNodes("deepseek_r1", "deepseek-r1-0528", "deepseek-r1"),
  tooManyNodes("deepseek_v3", "deepseek-v3-0324", "deepseek-v3"),
  tooManyNodes(
    "mistral_large_3_675b_instruct",
    "mistral-large-3-675b-instruct",
    "mistral-large-3-675b-instruct",
  ),
  served("workspace_gemma_3_27b_instruct", "workspace-gemma-3-27b-instruct", {
    model: "gemma-3-27b-instruct",
    nodes: nodes(A100, "gemma-3-27b-instruct"),
    accessTokenSecret: "hf-token",
  }),
  served("workspace_gemma_3_4b_instruct", "workspace-gemma-3-4b-instruct", {
    model: "gemma-3-4b-instruct",
    nodes: nodes(A10, "gemma-3-4b-instruct"),
    accessTokenSecret: "hf-token",
  }),
  served("workspace_gpt_oss_120b", "workspace-gpt-oss-120b", {
    model: "gpt-oss-120b",
    nodes: nodes(A100, "gpt-oss-120b"),
    accessTokenSecret: "hf-token",
    config: { gpuMemoryUtilization: 0.92 },
  }),
  served("workspace_gpt_oss_20b", "workspace-gpt-oss-20b", {
    model: "gpt-oss-20b",
    nodes: nodes(A10, "gpt-oss-20b"),
    config: { gpuMemoryUtilization: 0.82 },
  }),
  served("workspace_llama-3.1_8b_instruct", "workspace-llama-3-1-8b-instruct", {
    model: "llama-3.1-8b-instruct",
    nodes: nodes("Standard_NC96ads_A100_v4", "llama-3-1-8b-instruct"),
    accessTokenSecret: "hf-token",
  }),
  served("workspace_llama-3.3_70b_instruct", "workspace-llama-3-3-70b-instruct", {
    model: "llama-3.3-70b-instruct",
    nodes: nodes("Standard_NC48ads_A100_v4", "llama-3-3-70b-instruct"),
    accessTokenSecret: "hf-token",
    config: {
      cpuOffloadGiB: 0,
      gpuMemoryUtilization: 0.95,
      maxModelLength: 16384,
      vllm: { "swap-space": 4 },
    },
  }),
  served(
    "workspace_phi_3_with_adapters",
    "workspace-phi-3-mini-adapter",
    { ...PHI_3_ADAPTER, nodes: nodes(A100, "phi-3-adapter") },
    NEEDS_TRANSFORMERS,
  ),
  served("workspace_phi_4_mini_throughput", "workspace-phi-4-mini-throughput", {
    model: "phi-4-mini-instruct",
    nodes: nodes(A100, "phi-4-mini-throughput"),
    performanceMode: "throughput",
  }),
  served("workspace_custom_config", "workspace-deepseek-r1-distill-qwen-14b", {
    model: "deepseek-r1-distill-qwen-14b",
    nodes: nodes(A100, "deepseek-r1-distill-qwen-14b"),
    config: {
      maxProbeSteps: 6,
      cpuOffloadGiB: 0,
      gpuMemoryUtilization: 0.95,
      maxModelLength: 131072,
      tensorParallelSize: 2,
      vllm: {
        "swap-space": 4,
        "max-seq-len-to-capture": 8192,
        "num-scheduler-steps": 1,
        "enable-chunked-prefill": true,
      },
    },
  }),
  served(
    "workspace_tool_calling",
    "workspace-phi-4-mini-tool-call",
    {
      model: "phi-4-mini-instruct",
      nodes: nodes(A100, "phi-4"),
      config: {
        maxProbeSteps: 6,
        cpuOffloadGiB: 0,
        maxModelLength: 4096,
        toolCallParser: "phi4_mini_json",
        chatTemplate: "/workspace/chat_templates/tool-chat-phi4-mini.jinja",
        vllm: { "swap-space": 4 },
      },
    },
    { "inference.config.vllm.enable-auto-tool-choice": "without it vLLM ignores the parser" },
  ),
  inferenceSet(
    "inferenceset_llama-3.1_8b_instruct",
    "llama-3-1-8b",
    10,
    {
      model: "llama-3.1-8b-instruct",
      accessTokenSecret: "hf-token",
    },
    {
      "spec.replicas": "the scaler's, which would be set back by every update",
    },
  ),
  inferenceSet("inferenceset_mistral_7b-instruct", "mistral-7b-instruct", 5, {
    model: "mistral-7b-instruct",
  }),
  inferenceSet("inferenceset_phi_4_mini", "phi-4-mini", 5, { model: "phi-4-mini-instruct" }),
  {
    file: "custom-model-integration/custom-model-deployment.yaml",
    make: () =>
      new KaitoWorkspace("workspace-custom-llm", {
        namespace: NAMESPACE,
        nodes: nodes(A100, "custom-llm"),
        template: CUSTOM_POD,
      }),
  },
  {
    file: "RAG/kaito_ragengine_cpu_retrieve_only.yaml",
    make: () => new KaitoRagEngine("ragengine-retrieve", { namespace: NAMESPACE }),
  },
  tuning(
    "kaito_workspace_tuning_phi_3.yaml",
    {},
    { differs: { "tuning.output.image": "a placeholder in capitals, which no registry takes" } },
  ),
  tuning(
    "kaito_configmap_tuning_phi_3.yaml",
    {
      config: {
        LoraConfig: { target_modules: ["q_proj", "k_proj", "v_proj", "o_proj"] },
        TrainingArguments: { save_strategy: "epoch", per_device_train_batch_size: 2 },
      },
    },
    { only: "tuning.config" },
  ),
];
