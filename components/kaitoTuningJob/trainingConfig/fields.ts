import { distance } from "fastest-levenshtein";
import type { Check } from "../../validation.ts";
import type {
  TuningArguments,
  TuningConfig,
  TuningDataCollator,
  TuningDatasetConfig,
  TuningLoraConfig,
  TuningModelConfig,
  TuningQuantizationConfig,
} from "./sections.ts";

type Field = Check<unknown>;

const boolean = must("true or false", (value) => typeof value === "boolean");
const text = must("a text that is not empty", (value) => typeof value === "string" && value !== "");
const texts = must(
  "a list of texts, not empty",
  (value) => Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string"),
);
const number = must("a number", (value) => Number.isFinite(value));
const positive = must("a number greater than 0", (value) => Number.isFinite(value) && Number(value) > 0);
const count = must("a whole number, 1 or more", (value) => Number.isInteger(value) && Number(value) >= 1);
const whole = must("a whole number", (value) => Number.isInteger(value));
const precision = oneOf("bfloat16", "float16", "float32");

/** All keys of a section as its interface has them, so that the two can't differ. */
type Fields<T> = { [K in keyof T as string extends K ? never : K]-?: Field };

const ModelConfig: Fields<TuningModelConfig> = {
  torch_dtype: precision,
  local_files_only: boolean,
  device_map: text,
  chat_template: text,
  trust_remote_code: boolean,
  pretrained_model_name_or_path: text,
  revision: text,
  cache_dir: text,
  force_download: boolean,
  proxies: text,
  output_loading_info: boolean,
};

const QuantizationConfig: Fields<TuningQuantizationConfig> = {
  load_in_4bit: boolean,
  load_in_8bit: boolean,
  bnb_4bit_quant_type: oneOf("nf4", "fp4"),
  bnb_4bit_compute_dtype: precision,
  bnb_4bit_use_double_quant: boolean,
  quant_method: text,
  llm_int8_threshold: number,
  llm_int8_skip_modules: texts,
  llm_int8_enable_fp32_cpu_offload: boolean,
  llm_int8_has_fp16_weight: boolean,
};

const LoraConfig: Fields<TuningLoraConfig> = {
  r: must("a whole number from 1 to 1024", (value) => count(value) === undefined && Number(value) <= 1024),
  lora_alpha: positive,
  lora_dropout: must("a number from 0 to less than 1", (value) => inRange(value, 0, 1) && value !== 1),
  target_modules: texts,
};

const TrainingArguments: Fields<TuningArguments> = {
  output_dir: must(
    'a folder below /mnt other than /mnt/data and /mnt/config, for example "/mnt/results"',
    (value) =>
      typeof value === "string" &&
      /^\/mnt(\/[\w.-]*\w)+\/?$/.test(value) &&
      !/^\/mnt\/(data|config)(\/|$)/.test(value) &&
      !value.includes(".."),
  ),
  num_train_epochs: positive,
  max_steps: must("a whole number, 1 or more, or -1", (value) => value === -1 || count(value) === undefined),
  per_device_train_batch_size: count,
  gradient_accumulation_steps: count,
  learning_rate: positive,
  save_strategy: oneOf("no", "epoch", "steps", "best"),
  ddp_find_unused_parameters: boolean,
  max_length: count,
};

const DataCollator: Fields<TuningDataCollator> = {
  mlm: boolean,
  mlm_probability: share(),
  mask_replace_prob: share(),
  random_replace_prob: share(),
  pad_to_multiple_of: count,
  return_tensors: text,
  seed: whole,
};

const DatasetConfig: Fields<TuningDatasetConfig> = {
  dataset_path: text,
  dataset_extension: oneOf("csv", "json", "parquet", "arrow", "webdataset"),
  shuffle_dataset: boolean,
  shuffle_seed: whole,
  train_test_split: must(
    "a number greater than 0, 1 at most",
    (value) => inRange(value, 0, 1) && value !== 0,
  ),
  context_column: text,
  response_column: text,
  messages_column: text,
};

interface Section {
  fields: Readonly<Record<string, Field>>;
  /** Upstream's class has more keys than are listed here. Unknown ones of the others end the training program. */
  open: boolean;
}

/** The sections that KAITO knows, in its template's order; any other is refused by its webhook. */
export const SECTIONS: Readonly<Record<keyof TuningConfig, Section>> = {
  ModelConfig: { fields: ModelConfig, open: false },
  QuantizationConfig: { fields: QuantizationConfig, open: false },
  LoraConfig: { fields: LoraConfig, open: true },
  TrainingArguments: { fields: TrainingArguments, open: true },
  DataCollator: { fields: DataCollator, open: false },
  DatasetConfig: { fields: DatasetConfig, open: false },
};

/** Why a key can't have a value, or nothing. */
export function fieldProblem(section: Section, key: string, value: unknown): string | undefined {
  const field = Object.hasOwn(section.fields, key) ? section.fields[key] : undefined;
  if (field !== undefined) return field(value);
  if (!section.open) {
    return `is no key of this section; its keys are ${nearestFirst(key, Object.keys(section.fields))}`;
  }
  const scalar = (each: unknown) => ["string", "number", "boolean"].includes(typeof each);
  return scalar(value) || (Array.isArray(value) && value.every(scalar))
    ? undefined
    : `${JSON.stringify(value)} is not allowed; it must be a text, a number, true or false, or a list of them ` +
        "(an object as JSON text)";
}

/** Words in the order of their likeness to one that was typed. */
export function nearestFirst(typed: string, words: readonly string[]): string {
  return [...words].sort((a, b) => distance(typed, a) - distance(typed, b)).join(", ");
}

function must(rule: string, holds: (value: unknown) => boolean): Field {
  return (value) =>
    holds(value) ? undefined : `${JSON.stringify(value)} is not allowed; it must be ${rule}`;
}

function oneOf(...values: string[]): Field {
  return must(values.join(", "), (value) => values.includes(value as string));
}

function share(): Field {
  return must("a number from 0 to 1", (value) => inRange(value, 0, 1));
}

function inRange(value: unknown, min: number, max: number): boolean {
  return typeof value === "number" && value >= min && value <= max;
}
