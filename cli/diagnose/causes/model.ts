import { nodesNeeded, smallestVmSize } from "../../../components/kaito/fit.ts";
import { findModel, modelProblem } from "../../../components/kaito/models.ts";
import { supportedGpu } from "../../../components/vmSkuSelection/gpus.ts";
import { type Cause, counted, type Evidence, ofEvent } from "../finding.ts";
import { vmSizeOf } from "../gpuNodes.ts";
import { objectOf, type Subject, titleOf } from "../subject.ts";
import { lastError } from "./reconcile.ts";

/** Sources: EstimateNodeCount (estimator.go), guardTargetNodeCount (workspace_controller.go), the webhook. */
const TOO_LARGE =
  /GPU memory .* is too small|exceeds the maximum allowed|cannot be distributed across more than 1 GPU node|Insufficient total GPU memory/;

/** KAITO's estimate says that the model doesn't fit. */
export const modelTooLarge: Cause = {
  id: "model-too-large",
  roles: ["inference", "set"],
  explains: ["reconcile-error", "too-few-nodes", "replica-refused"],
  judge(cluster, subject) {
    const last = lastError(subject);
    const object = objectOf(subject);
    const event =
      object && cluster.events("Workspace", object).find(({ reason }) => reason === "NodeCountExceedsLimit");
    const said = TOO_LARGE.test(last?.error ?? "") ? last : undefined;
    if (said === undefined && event === undefined) return undefined;
    const { evidence, smallest } = figures(subject);
    return {
      summary: "The model doesn't fit into the memory of the nodes' GPUs.",
      likelihood: 0.97,
      evidence: [
        ...(said ? [{ object: titleOf(subject), field: `condition ${said.type}`, value: said.error }] : []),
        ...(event ? [ofEvent(cluster, event)] : []),
        ...evidence,
      ],
      next: [
        {
          text: smallest
            ? `The cheapest VM size that it fits on is ${smallest}; see whether there is quota for it`
            : "Use a VM size with more GPU memory, a smaller model, or a shorter context (max-model-len)",
          command: `npm run select-sku -- --location <region> --gpus 1${smallest ? ` --preferred-skus ${smallest}` : ""}`,
        },
      ],
    };
  },
};

/** By this project's own figures of the model and of the nodes' VM size. */
function figures({ workspace, set, nodes = [] }: Subject): { evidence: Evidence[]; smallest?: string } {
  const preset = (workspace?.inference ?? set?.spec?.template?.inference)?.preset?.name ?? "";
  const model = findModel(preset);
  if (model === undefined) return { evidence: [] };
  const size = workspace?.resource?.instanceType || vmSizeOf(nodes[0]?.metadata.labels);
  const gpu = supportedGpu(size);
  const fits = gpu && nodesNeeded(model, gpu);
  const value = typeof fits === "object" ? fits.tooSmall : `it takes ${counted(fits ?? 0, "node")}`;
  return {
    evidence: fits === undefined ? [] : [{ object: `${preset} on ${size}`, field: "estimate", value }],
    smallest: smallestVmSize(model),
  };
}

/** Source: GetModelByName in presets/workspace/models/vllm_model.go, and generator.go for what is at Hugging Face. */
const UNKNOWN =
  /model is not registered|unsupported model architecture|failed to get model (by name|preset)|authentication required for accessing|failed to fetch https:\/\/huggingface|Unsupported (inference|tuning) preset/;

/** KAITO doesn't know the model, or couldn't ask Hugging Face about it. */
export const modelUnknown: Cause = {
  id: "model-unknown",
  roles: ["inference", "tuning"],
  explains: ["reconcile-error"],
  judge(_cluster, subject) {
    const last = lastError(subject);
    if (last === undefined || !UNKNOWN.test(last.error)) return undefined;
    const { workspace } = subject;
    const preset = (workspace?.inference?.preset ?? workspace?.tuning?.preset)?.name ?? "";
    const problem = modelProblem(preset);
    return {
      summary: problem ?? `KAITO couldn't get what it needs to know about the model ${preset}.`,
      likelihood: 0.96,
      evidence: [{ object: titleOf(subject), field: `condition ${last.type}`, value: last.error }],
      next: [
        {
          text: problem
            ? "Ask for a model that KAITO knows, or for a Hugging Face id"
            : "KAITO's controller itself asks huggingface.co about a model that isn't in its catalogue: it must be let out to it, and a gated one needs modelAccessSecret",
          command: "kubectl -n kaito-workspace get networkpolicy",
        },
      ],
    };
  },
};
