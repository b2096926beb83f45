import type { KaitoTuning } from "../kaito/models/tuning.ts";
import { findModel, type KaitoModel, kaitoModels } from "../kaito/models.ts";
import { KAITO_VERSION } from "../kaito/versions.ts";
import { InputPropertyError } from "../validation.ts";

/** A model that KAITO tunes. */
export type TunableModel = KaitoModel & { tuning: KaitoTuning };

/** The presets that can be tuned, by KAITO's short names. */
export const tunablePresets: readonly string[] = kaitoModels.filter(isTunable).map(({ name }) => name);

/** The model of a preset, by any of its names. */
export function tunableModel(preset: string): TunableModel {
  const model = findModel(preset);
  if (model !== undefined && isTunable(model)) return model;
  const why =
    model?.tuning?.problem ??
    (model === undefined
      ? `KAITO ${KAITO_VERSION} has no such preset`
      : "KAITO serves it but doesn't tune it");
  throw new InputPropertyError(
    "preset",
    `"${preset}" can't be tuned: ${why}; it must be one of ${tunablePresets.join(", ")}`,
  );
}

function isTunable(model: KaitoModel): model is TunableModel {
  return model.tuning !== undefined && model.tuning.problem === undefined;
}

// Source: modeling_phi3.py and modeling_qwen2.py of Hugging Face transformers; Phi-4 has Phi-3's architecture.
const PHI_LAYERS = ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"];
const QWEN_LAYERS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

/** The linear layers of a model, which can get adapters. */
export function layersOf(model: TunableModel): readonly string[] {
  return model.servedName.startsWith("phi-") ? PHI_LAYERS : QWEN_LAYERS;
}

/**
 * The layers that must be named, because neither KAITO nor PEFT finds any by itself: PEFT's table of architectures
 * (src/peft/utils/constants.py) doesn't have Phi-3's, and KAITO has a default for the presets "phi-3…" only.
 */
export function requiredModules(model: TunableModel): readonly string[] | undefined {
  const { requiredTargetModules, defaultTargetModules } = model.tuning;
  if (requiredTargetModules !== undefined) return requiredTargetModules;
  return layersOf(model) === PHI_LAYERS && defaultTargetModules === undefined
    ? ["qkv_proj", "o_proj"]
    : undefined;
}

/**
 * Why a layer can't be a target of this model, or nothing. KAITO's own defaults pass for the presets that have
 * them, although a Phi-3 has only two of those layers: its examples name them, and PEFT skips the others.
 */
export function moduleProblem(model: TunableModel, module: string): string | undefined {
  const layers = layersOf(model);
  return layers.includes(module) || model.tuning.defaultTargetModules?.includes(module)
    ? undefined
    : `"${module}" is no layer of ${model.name}; its layers are ${layers.join(", ")}`;
}
