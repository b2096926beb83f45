import { findModel, type KaitoModel, modelProblem } from "../kaito/models.ts";
import type { KaitoWorkspaceArgs } from "../kaitoWorkspace.ts";
import { InputPropertyError } from "../validation.ts";

/** Arguments that KAITO acts on for a model of its own only, and what to do instead with a pod template. */
const ONLY_WITH_MODEL: readonly (readonly [keyof KaitoWorkspaceArgs, string])[] = [
  ["config", "give the arguments in the template"],
  ["adapters", "load them in the template"],
  ["accessToken", "give the template's containers the Secret as environment"],
  ["accessTokenSecret", "give the template's containers the Secret as environment"],
  ["runtime", "the template's image decides"],
  ["performanceMode", "give vLLM's argument in the template"],
  ["benchmark", "KAITO measures its own server only"],
];

/** Only vLLM says how many requests wait. */
function refuseUnseenRequests({ inferenceSet, model, runtime = "vllm" }: KaitoWorkspaceArgs): void {
  if (inferenceSet?.autoscaling === undefined || (model !== undefined && runtime === "vllm")) return;
  throw new InputPropertyError(
    "inferenceSet.autoscaling",
    "goes by metrics of vLLM, with which KAITO serves a model of its own; leave it out and set replicas",
  );
}

/**
 * Refuses what KAITO would refuse later, or would take and not act on. Returns what KAITO's catalogue has about the
 * model: nothing for a template and for other models of Hugging Face.
 */
export function checkedModel(args: KaitoWorkspaceArgs): KaitoModel | undefined {
  const { model, template, runtime = "vllm" } = args;
  refuseUnseenRequests(args);
  const fail = (key: keyof KaitoWorkspaceArgs, reason: string) => {
    throw new InputPropertyError(key, reason);
  };
  if (model !== undefined && template !== undefined) {
    fail("template", "can't be given together with model: either KAITO's own server or your pods");
  }
  if (args.nodeImageFamily !== undefined && !args.nodes.provision) {
    fail("nodeImageFamily", "needs nodes.provision; without it the pool decides, see its osSku");
  }
  if (model === undefined) {
    if (template === undefined) {
      fail("model", 'is missing; set it, for example "phi-4-mini-instruct", or a pod template');
    }
    for (const [key, instead] of ONLY_WITH_MODEL) {
      if (isGiven(args[key])) fail(key, `has no effect on a template; ${instead}`);
    }
    return undefined;
  }
  if (args.servedModelName !== undefined) {
    fail("servedModelName", "is KAITO's to choose for a model of its own; leave it out");
  }
  const problem = modelProblem(model);
  if (problem !== undefined) fail("model", problem);
  const known = findModel(model);
  if (args.accessToken !== undefined && args.accessTokenSecret !== undefined) {
    fail("accessTokenSecret", "can't be given together with accessToken");
  }
  if (known?.gated && args.accessToken === undefined && args.accessTokenSecret === undefined) {
    fail(
      "accessToken",
      `is missing; Hugging Face hands out ${known.id} only to those who accepted its licence there: do so, make a ` +
        "token with read access, and give it here (as a secret) or as a Secret's name in accessTokenSecret",
    );
  }
  if (runtime === "transformers") refuseForTransformers(args, known, fail);
  return known;
}

/** Whether there is something to act on: a default that is written out is nothing. */
function isGiven(value: unknown): boolean {
  const isNothing = [undefined, false, "vllm", "balanced"].includes(value as string);
  return !isNothing && !(Array.isArray(value) && value.length === 0);
}

function refuseForTransformers(
  args: KaitoWorkspaceArgs,
  known: KaitoModel | undefined,
  fail: (key: keyof KaitoWorkspaceArgs, reason: string) => void,
): void {
  if (!known?.transformers) fail("runtime", `KAITO serves ${args.model} with vLLM only; leave runtime out`);
  if (args.config !== undefined) fail("config", "is read by vLLM only; leave it or runtime out");
  if (isGiven(args.performanceMode)) fail("performanceMode", "is vLLM's; leave it or runtime out");
  if (args.benchmark) fail("benchmark", "measures vLLM only; leave it or runtime out");
}
