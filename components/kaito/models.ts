import { distance } from "fastest-levenshtein";
import { CATALOGUE, GATED, RETIRED, TRANSFORMERS } from "./models/catalogue.ts";
import { type KaitoTuning, TUNING } from "./models/tuning.ts";

export type { KaitoTuning } from "./models/tuning.ts";

/** A model that KAITO knows the figures of. */
export interface KaitoModel {
  /** The name to ask KAITO for: its short name where there is one, else the Hugging Face id. */
  name: string;
  /** Its id at Hugging Face, as written there. */
  id: string;
  /** The other names that KAITO takes for it. */
  aliases: string[];
  /** The name that a Workspace serves it under; an InferenceSet serves it under the InferenceSet's own name. */
  servedName: string;
  /** Size of its weights on disk, in GiB. */
  fileSizeGiB: number;
  /** Tokens that its context can have at most. */
  tokenLimit: number;
  /** Bytes that the KV cache needs for one token. */
  bytesPerToken: number;
  /** Whether it can be downloaded only with an access token. */
  gated: boolean;
  /** Whether the weights can be spread over the GPUs of a node. */
  tensorParallel: boolean;
  /** Whether the weights can be spread over nodes. */
  distributed: boolean;
  /** Whether KAITO switches tool calling on (runtime vLLM). */
  toolCalling: boolean;
  /** Whether the runtime "transformers" can serve it, besides "vllm". */
  transformers: boolean;
  /** What tuning it needs. @default - KAITO can't tune it */
  tuning?: KaitoTuning;
}

/** Every model of KAITO's catalogue. */
export const kaitoModels: readonly KaitoModel[] = CATALOGUE.map(
  ([id, preset, fileSizeGiB, tokenLimit, bytesPerToken, toolCallParser]) => {
    const servedName = servedNameOf(id);
    return {
      name: preset || id,
      id,
      aliases: preset ? [id] : [],
      servedName,
      fileSizeGiB,
      tokenLimit,
      bytesPerToken,
      gated: GATED.has(id),
      // Of every model since 0.9. Source: vllm_model.go (SupportDistributedInference, no DisableTensorParallelism).
      tensorParallel: true,
      distributed: true,
      toolCalling: toolCallParser !== undefined,
      transformers: TRANSFORMERS.has(servedName),
      tuning: TUNING[servedName],
    };
  },
);

const byName: ReadonlyMap<string, KaitoModel> = new Map(
  kaitoModels.flatMap((model) =>
    [model.name, ...model.aliases].map((name) => [name.toLowerCase(), model] as const),
  ),
);

/** A model by any of its names, whatever their case. */
export function findModel(name: string): KaitoModel | undefined {
  return byName.get(name.toLowerCase());
}

/** What KAITO calls a model: the last part of its id, in small letters. Source: NewGenerator in generator.go. */
export function servedNameOf(id: string): string {
  return (id.split("/").at(-1) ?? id).toLowerCase();
}

/** Why KAITO can't serve a model of this name, or nothing. Any "org/model" passes: it may be at Hugging Face. */
export function modelProblem(name: string): string | undefined {
  if (findModel(name) !== undefined || /^[\w.-]+\/[\w.-]+$/.test(name)) return undefined;
  const successor = RETIRED[name.toLowerCase()];
  if (successor !== undefined) {
    return `KAITO no longer has "${name}" as a preset; ask for it by its Hugging Face id, "${successor}"`;
  }
  return `"${name}" is no preset of KAITO; ${nearest(name)}, and it can be any Hugging Face id, as "org/model"`;
}

function nearest(name: string): string {
  const wanted = name.toLowerCase();
  const far = (model: KaitoModel) => distance(wanted, model.name.toLowerCase());
  const three = [...kaitoModels].sort((a, b) => far(a) - far(b)).slice(0, 3);
  return `the nearest are ${three.map((model) => `"${model.name}"`).join(", ")}`;
}
