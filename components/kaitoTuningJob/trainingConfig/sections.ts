/**
 * The training configuration. Sections and keys have upstream's names, so that Hugging Face's documentation applies
 * as it is; what is not set has the value of KAITO's own template.
 * Source: charts/kaito/workspace/templates/{lora,qlora}-params.yaml, the classes of
 * presets/workspace/tuning/text-generation/cli.py, v0.11.0.
 */
export interface TuningConfig {
  /** How the model is loaded. */
  ModelConfig?: TuningModelConfig;
  /** How its weights are quantised. */
  QuantizationConfig?: TuningQuantizationConfig;
  /** The adapter that is trained. */
  LoraConfig?: TuningLoraConfig;
  /** The training itself. */
  TrainingArguments?: TuningArguments;
  /** How rows become batches. */
  DataCollator?: TuningDataCollator;
  /** Which data are read. */
  DatasetConfig?: TuningDatasetConfig;
}

/** Source: ModelConfig of cli.py. */
export interface TuningModelConfig {
  /** Precision of the weights. @default "bfloat16" */
  torch_dtype?: "bfloat16" | "float16" | "float32";
  /** Use only the weights that KAITO has put beside the job. @default true */
  local_files_only?: boolean;
  /** Where the weights are put. @default "auto" */
  device_map?: string;
  /**
   * Path of a Jinja chat template in the image (/workspace/chat_templates/…), or the template in one line.
   * @default - the tokenizer's own
   */
  chat_template?: string;
  /** Run code that comes with the model. @default false */
  trust_remote_code?: boolean;
  /** Path of the model, or its id at Hugging Face. @default - the preset's weights */
  pretrained_model_name_or_path?: string;
  /** Version of the model. @default "main" */
  revision?: string;
  /** Folder for what is downloaded. @default - transformers' own */
  cache_dir?: string;
  /** Download even what is there. @default false */
  force_download?: boolean;
  /** Proxies by protocol, as JSON. @default - none */
  proxies?: string;
  /** Log keys of the weights that are missing or left over. @default false */
  output_loading_info?: boolean;
}

/**
 * With method "qlora" exactly one of `load_in_4bit` and `load_in_8bit` must be true, with "lora" none.
 * Source: QuantizationConfig of cli.py, validateMethodViaConfigMap in api/v1beta1/tuning_config_validation.go.
 */
export interface TuningQuantizationConfig {
  /** @default - true with method "qlora" unless `load_in_8bit`, else false */
  load_in_4bit?: boolean;
  /** @default false */
  load_in_8bit?: boolean;
  /** @default - "nf4" with method "qlora" and 4 bits */
  bnb_4bit_quant_type?: "nf4" | "fp4";
  /** @default - "bfloat16" with method "qlora" and 4 bits */
  bnb_4bit_compute_dtype?: "bfloat16" | "float16" | "float32";
  /** @default - true with method "qlora" and 4 bits */
  bnb_4bit_use_double_quant?: boolean;
  /** How weights are quantised; KAITO knows one way. @default - transformers' own */
  quant_method?: string;
  /** 8 bits: size from which on a value stays in 16 bits. @default 6 */
  llm_int8_threshold?: number;
  /** 8 bits: layers that stay as they are. @default - none */
  llm_int8_skip_modules?: string[];
  /** 8 bits: layers without room on the GPU go to the CPU. @default false */
  llm_int8_enable_fp32_cpu_offload?: boolean;
  /** 8 bits: weights stay in 16 bits. @default false */
  llm_int8_has_fp16_weight?: boolean;
}

/** A value of a training configuration. A nested object isn't one: KAITO's parser would join its keys. */
export type TuningValue = string | number | boolean | readonly (string | number)[];

/** Source: https://huggingface.co/docs/peft/v0.11.0/en/package_reference/lora; other keys are passed on unchecked. */
export interface TuningLoraConfig {
  /** Rank of the adapter, 1 to 1024. @default 8 */
  r?: number;
  /** Weight of the adapter, more than 0; it counts divided by `r`. @default 8 */
  lora_alpha?: number;
  /** Share of the adapter that is left out at each step, 0 to less than 1. @default 0 */
  lora_dropout?: number;
  /**
   * The layers that get adapters. One that the model doesn't have is an error that lists those that it has.
   * @default - ["qkv_proj", "o_proj"] for phi-4 and phi-4-mini-instruct, else those that KAITO or PEFT choose
   */
  target_modules?: string[];
  [key: string]: TuningValue | undefined;
}

/** Source: SFTConfig of TRL and TrainingArguments of transformers; keys not listed are passed on unchecked. */
export interface TuningArguments {
  /**
   * Folder for the results, below /mnt; the output is taken from there. Not /mnt/data and /mnt/config.
   * @default "/mnt/results"
   */
  output_dir?: string;
  /** Times that all rows are trained on, more than 0. @default 3 */
  num_train_epochs?: number;
  /** Steps after which training stops whatever the epochs; -1 is never. @default -1 */
  max_steps?: number;
  /** Rows a step on each GPU, 1 or more. The first thing to lower when GPU memory runs out. @default 1 */
  per_device_train_batch_size?: number;
  /** Steps whose results are applied together, 1 or more. @default 1 */
  gradient_accumulation_steps?: number;
  /** More than 0. @default 0.00002 */
  learning_rate?: number;
  /** When intermediate results are kept. @default "no" */
  save_strategy?: "no" | "epoch" | "steps" | "best";
  /** @default false */
  ddp_find_unused_parameters?: boolean;
  /** Tokens of a row at most; longer ones are cut. @default 1024 */
  max_length?: number;
  [key: string]: TuningValue | undefined;
}

/** Source: DataCollatorForLanguageModeling of transformers. */
export interface TuningDataCollator {
  /** Masked language modelling; KAITO turns it off for models without a mask token. @default true */
  mlm?: boolean;
  /** Share of tokens that are masked, 0 to 1. @default 0.15 */
  mlm_probability?: number;
  /** Share of those that become the mask token, 0 to 1. @default 0.8 */
  mask_replace_prob?: number;
  /** Share of those that become a random token, 0 to 1. @default 0.1 */
  random_replace_prob?: number;
  /** Rows are filled up to a multiple of so many tokens. @default - the longest row of the batch */
  pad_to_multiple_of?: number;
  /** Library of the tensors. @default "pt" */
  return_tensors?: string;
  /** Seed of the masks. @default - a new one each time */
  seed?: number;
}

/** Source: DatasetConfig of cli.py, dataset.py. */
export interface TuningDatasetConfig {
  /** The file to read, or a pattern, relative to /mnt, for example "data/*.jsonl". @default - the first that is found */
  dataset_path?: string;
  /** What the file is. @default - by its name */
  dataset_extension?: "csv" | "json" | "parquet" | "arrow" | "webdataset";
  /** @default true */
  shuffle_dataset?: boolean;
  /** @default 42 */
  shuffle_seed?: number;
  /** Share of the rows that is trained on, more than 0 to 1; the rest is for evaluation. @default 1 */
  train_test_split?: number;
  /** Column with the question. @default - found by its name */
  context_column?: string;
  /** Column with the answer. @default - found by its name */
  response_column?: string;
  /** Column with whole conversations, instead of the two. @default - found by its name */
  messages_column?: string;
}
