import { stringify } from "yaml";
import { shortHash } from "../names.ts";
import { InputPropertyError } from "../validation.ts";
import { moduleProblem, requiredModules, type TunableModel } from "./presets.ts";
import { fieldProblem, nearestFirst, SECTIONS } from "./trainingConfig/fields.ts";
import type { TuningConfig, TuningQuantizationConfig, TuningValue } from "./trainingConfig/sections.ts";

/** How the adapter is trained: "lora" on the weights as they are, "qlora" on quantised ones in less memory. */
export type TuningMethod = "lora" | "qlora";

/** The method, which decides on the config that KAITO takes. */
export function checkedMethod(method: TuningMethod): TuningMethod {
  if (method === "lora" || method === "qlora") return method;
  throw new InputPropertyError(
    "method",
    `${JSON.stringify(method)} is not allowed; it must be lora or qlora`,
  );
}

/** The key that KAITO reads. Source: UnmarshalTrainingConfig in api/v1beta1/tuning_config_validation.go. */
const KEY = "training_config.yaml";

/** A ConfigMap's content, and a name part that changes with it. */
export interface TrainingConfigMap {
  data: Record<string, string>;
  hash: string;
}

/**
 * The ConfigMap for a job, or nothing when KAITO's template will do: that is when nothing is set and the model's
 * layers need no names.
 */
export function trainingConfigMap(
  config: TuningConfig | undefined,
  method: TuningMethod,
  model: TunableModel,
): TrainingConfigMap | undefined {
  const given = withoutUnset(config ?? {});
  if (Object.keys(given).length === 0 && requiredModules(model) === undefined) return undefined;
  checkKeys(given);
  const quantization = quantizationConfig(given.QuantizationConfig ?? {}, method);
  const merged = {
    ModelConfig: {
      torch_dtype: "bfloat16",
      local_files_only: true,
      device_map: "auto",
      ...given.ModelConfig,
    },
    QuantizationConfig: quantization,
    LoraConfig: {
      r: 8,
      lora_alpha: 8,
      lora_dropout: 0,
      ...(requiredModules(model) ? { target_modules: requiredModules(model) } : {}),
      ...given.LoraConfig,
    },
    TrainingArguments: {
      // Set always: KAITO mounts the results there, and TRL's own default is another folder.
      output_dir: "/mnt/results",
      ddp_find_unused_parameters: false,
      save_strategy: "no",
      per_device_train_batch_size: 1,
      ...given.TrainingArguments,
    },
    DataCollator: { mlm: true, ...given.DataCollator },
    DatasetConfig: { shuffle_dataset: true, train_test_split: 1, ...given.DatasetConfig },
  };
  for (const [i, module] of (given.LoraConfig?.target_modules ?? []).entries()) {
    const problem = moduleProblem(model, module);
    if (problem) throw new InputPropertyError(`config.LoraConfig.target_modules[${i}]`, problem);
  }
  const text = stringify(
    { training_config: merged },
    // KAITO reads YAML 1.1, where a bare no is false: every text gets quotes.
    {
      defaultStringType: "QUOTE_DOUBLE",
      defaultKeyType: "PLAIN",
      sortMapEntries: true,
      lineWidth: 0,
    },
  );
  return { data: { [KEY]: text }, hash: shortHash(8, text) };
}

type Given = Partial<Record<keyof TuningConfig, Record<string, TuningValue>>> & {
  LoraConfig?: { target_modules?: string[] };
};

/** What is set: an argument that is undefined counts as left out, and so does a section without any. */
function withoutUnset(config: TuningConfig): Given {
  const parsed: Record<string, unknown> = JSON.parse(JSON.stringify(config));
  const empty = (section: unknown) => JSON.stringify(section) === "{}";
  return Object.fromEntries(
    Object.entries(parsed).filter(([name, section]) => !(Object.hasOwn(SECTIONS, name) && empty(section))),
  );
}

function checkKeys(config: Given): void {
  for (const [name, values] of Object.entries<unknown>(config)) {
    if (!Object.hasOwn(SECTIONS, name)) {
      throw new InputPropertyError(
        `config.${name}`,
        `is no section of a training config; KAITO knows ${nearestFirst(name, Object.keys(SECTIONS))}`,
      );
    }
    if (typeof values !== "object" || values === null || Array.isArray(values)) {
      throw new InputPropertyError(`config.${name}`, "must be an object with the keys of this section");
    }
    for (const [key, value] of Object.entries(values)) {
      const problem = fieldProblem(SECTIONS[name as keyof TuningConfig], key, value);
      if (problem !== undefined) throw new InputPropertyError(`config.${name}.${key}`, problem);
    }
  }
}

/** Checked by the rules of KAITO's webhook, with its template's values for what is left out. */
function quantizationConfig(given: TuningQuantizationConfig, method: TuningMethod) {
  const { load_in_4bit: four, load_in_8bit: eight = false } = given;
  const fail = (key: string, reason: string) => {
    throw new InputPropertyError(`config.QuantizationConfig.${key}`, reason);
  };
  if (method === "lora") {
    if (four) fail("load_in_4bit", 'must not be true with method "lora"; use method "qlora"');
    if (eight) fail("load_in_8bit", 'must not be true with method "lora"; use method "qlora"');
    return { load_in_4bit: false, ...given };
  }
  if (four && eight) fail("load_in_8bit", "must not be true together with load_in_4bit");
  if (four === false && !eight) {
    fail("load_in_4bit", 'must be true with method "qlora", or load_in_8bit; for neither use method "lora"');
  }
  if (eight) return { load_in_4bit: false, ...given };
  return {
    load_in_4bit: true,
    bnb_4bit_quant_type: "nf4",
    bnb_4bit_compute_dtype: "bfloat16",
    bnb_4bit_use_double_quant: true,
    ...given,
  };
}
