import * as pulumi from "@pulumi/pulumi";
import { findModel, kaitoModels } from "../kaito/models.ts";
import { type Check, ensure, InputPropertyError, validatedInput, wholeNumber } from "../validation.ts";
import { serviceUrl } from "./address.ts";
import { type CalledService, checkedPods, POD_PORT, type ServicePods } from "./network.ts";
import { secretName } from "./secretName.ts";

/** A model that KAITO serves: a KaitoWorkspace is one. */
export interface RagModel {
  /** Its OpenAI-compatible API, ending in "/v1". */
  readonly url: pulumi.Output<string>;
  /** The name that it is served under. */
  readonly modelName: pulumi.Output<string>;
  /** Labels of its pods. */
  readonly podLabels: Record<string, string>;
  /** Tokens that its context has at most. @default - those of the preset of its name in KAITO's catalogue */
  readonly contextLength?: number;
}

/** The language model that answers with what was retrieved: exactly one of `model` and `url`. */
export interface RagInference {
  /** A KaitoWorkspace. One in another namespace must have the RAG engine among its clients. */
  model?: RagModel;
  /** The whole URL of any OpenAI-compatible chat endpoint, ending in "/chat/completions". */
  url?: pulumi.Input<string>;
  /**
   * Tokens of question, retrieved texts and answer together, a whole number up to 10000000. Too large a value
   * makes the model refuse long questions, too small a one wastes context. Source:
   * `inferenceService.contextWindowSize`.
   * @default - the `contextLength` of the model, which is what its config or its preset says; needed with `url`,
   * and with models that have none of both
   */
  contextWindowSize?: number;
  /** Name of a Secret whose key LLM_ACCESS_SECRET is sent as a bearer token. @default - none */
  accessSecret?: pulumi.Input<string>;
  /**
   * The pods behind `url`, when it is that of a Service.
   * @default - all of its namespace, on the URL's port
   */
  pods?: ServicePods;
}

/**
 * The service in KAITO 0.11.0 asks no other endpoint. Source: chat_completions_passthrough in inference.py.
 */
const chatUrl: Check<string> = (url) => {
  const problem = serviceUrl(url);
  if (problem !== undefined || new URL(url).pathname.endsWith("/chat/completions")) return problem;
  const base = url.replace(/\/+$/, "").replace(/\/completions$/, "");
  const instead = base.endsWith("/v1") ? `${base}/chat/completions` : `${base}/v1/chat/completions`;
  return `${JSON.stringify(url)} is not allowed; it must end in /chat/completions, for example "${instead}"`;
};

const WINDOW = "inference.contextWindowSize";

/** `spec.inferenceService` of the RAGEngine, and who is called. */
export function checkedInference(inference: RagInference) {
  const { model, url, accessSecret, pods } = inference;
  if ((model === undefined) === (url === undefined)) {
    throw new InputPropertyError(
      "inference",
      `must have ${url === undefined ? "one" : "only one"} of model and url; leave inference out to only retrieve`,
    );
  }
  const service: CalledService = model
    ? {
        url: pulumi.interpolate`${model.url}/chat/completions`,
        pods: { podLabels: model.podLabels, port: POD_PORT },
      }
    : {
        url: validatedInput("inference.url", url as pulumi.Input<string>, chatUrl),
        pods: checkedPods("inference.pods", pods),
      };
  const spec = {
    url: service.url,
    accessSecret: secretName("inference.accessSecret", accessSecret, "LLM_ACCESS_SECRET"),
    contextWindowSize: contextWindow(inference),
  };
  return { spec, service };
}

function contextWindow({ contextWindowSize: given, model }: RagInference): pulumi.Input<number> {
  if (given !== undefined) ensure(WINDOW, given, wholeNumber(1, 10_000_000));
  if (model === undefined) {
    if (given !== undefined) return given;
    throw new InputPropertyError(
      WINDOW,
      "is missing; give the tokens that the model behind inference.url takes",
    );
  }
  const { contextLength, modelName } = model;
  if (contextLength !== undefined) return within(contextLength, given, "the model");
  return modelName.apply((name) => {
    const limit = tokenLimit(name);
    if (limit !== undefined) return within(limit, given, name);
    if (given !== undefined) return given;
    throw new InputPropertyError(
      WINDOW,
      `is missing, and KAITO's catalogue has no "${name}" to take it from; give the tokens that the model takes`,
    );
  });
}

/** The tokens that were given, or all that the model takes. */
function within(limit: number, given: number | undefined, who: string): number {
  if (given === undefined || given <= limit) return given ?? limit;
  throw new InputPropertyError(WINDOW, `${given} is more than the ${limit} tokens that ${who} takes`);
}

function tokenLimit(name: string): number | undefined {
  return (kaitoModels.find((model) => model.servedName === name) ?? findModel(name))?.tokenLimit;
}
