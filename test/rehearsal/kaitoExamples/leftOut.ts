import { supportedGpu, whyUnsupported } from "../../../components/vmSkuSelection/gpus.ts";
import { KINDS, type Plain, valueAt } from "./normal.ts";

/** Why an example isn't rendered, and how to see that it is still so. */
export interface Reason {
  reason: string;
  holds: (documents: readonly Plain[]) => boolean;
}

const sizesOf = (documents: readonly Plain[]) =>
  documents
    .flatMap((each) => [valueAt(each, "resource.instanceType"), valueAt(each, "spec.compute.instanceType")])
    .filter((size) => size !== undefined)
    .map(String);

function unsupportedGpu(vmSize: string, more = ""): Reason {
  return {
    reason: `${vmSize} ${whyUnsupported(vmSize)}${more}`,
    holds: (documents) => sizesOf(documents).join() === vmSize && supportedGpu(vmSize) === undefined,
  };
}

/** No object that a component of ours makes. */
function notKaito(reason: string): Reason {
  return { reason, holds: (documents) => !documents.some(({ kind }) => KINDS.includes(String(kind))) };
}

const MULTI_ROLE = notKaito(
  "a MultiRoleInference, which is alpha and off in KAITO 0.11 (enableMultiRoleInferenceController)",
);
const GATEWAY = notKaito(
  "Gateway API objects for the inference extension, which is off in KAITO 0.11 (gatewayAPIInferenceExtension)",
);

/** Examples that no component makes. */
export const leftOut: Readonly<Record<string, Reason>> = {
  "README.md": { reason: "no manifest", holds: () => true },
  "aws/clusterconfig.yaml.template": {
    reason: "a cluster of AWS, not an object of Kubernetes",
    holds: () => true,
  },
  "inference/kaito_multiroleinference_deepseek-v3.yaml": MULTI_ROLE,
  "inference/kaito_multiroleinference_phi4_4.yaml": MULTI_ROLE,
  "gateway-api-inference-extension/destinationrule-mistral-7b-instruct.yaml": GATEWAY,
  "gateway-api-inference-extension/destinationrule-phi-4-mini-instruct.yaml": GATEWAY,
  "gateway-api-inference-extension/gateway.yaml": GATEWAY,
  "gateway-api-inference-extension/httproute-bbr.yaml": GATEWAY,
  "gateway-api-inference-extension/httproute.yaml": GATEWAY,
  "RAG/qdrant-deployment.yaml": notKaito("a Qdrant by itself; KaitoRagEngine makes its own (qdrant)"),
  "RAG/kaito_ragengine_phi_3.yaml": unsupportedGpu("Standard_NC6s_v3"),
  "RAG/kaito_ragengine_phi_3_with_pvc.yaml": unsupportedGpu(
    "Standard_NC6s_v3",
    "; and its `storage` is of an API that 0.11 no longer has",
  ),
  "fine-tuning/kaito_workspace_tuning_falcon_7b_mental.yaml": unsupportedGpu(
    "Standard_NC12s_v3",
    "; and KAITO 0.11 doesn't tune Falcon",
  ),
  "fine-tuning/kaito_workspace_tuning_falcon_7b_oai.yaml": unsupportedGpu(
    "Standard_NC12s_v3",
    "; and KAITO 0.11 doesn't tune Falcon",
  ),
  "fine-tuning/kaito_workspace_tuning_phi_3_with_pvc_volume.yaml": unsupportedGpu("Standard_NC6s_v3"),
};
