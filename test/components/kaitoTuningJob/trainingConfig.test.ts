import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { tunableModel } from "../../../components/kaitoTuningJob/presets.ts";
import type { TuningConfig } from "../../../components/kaitoTuningJob/trainingConfig/sections.ts";
import { type TuningMethod, trainingConfigMap } from "../../../components/kaitoTuningJob/trainingConfig.ts";

const of = (config: object | undefined, method: TuningMethod = "qlora", preset = "phi-4-mini-instruct") =>
  trainingConfigMap(config as TuningConfig | undefined, method, tunableModel(preset));

/** The config as YAML 1.1, which is what KAITO's webhook (Go) and its training program (Python) read. */
function read(config: object | undefined, method: TuningMethod = "qlora", preset = "phi-4-mini-instruct") {
  const map = of(config, method, preset);
  expect(Object.keys(map?.data ?? {})).toEqual(["training_config.yaml"]);
  return parse(map?.data["training_config.yaml"] ?? "", { version: "1.1" }).training_config;
}

// charts/kaito/workspace/templates/{lora,qlora}-params.yaml, v0.11.0
const TEMPLATE = {
  ModelConfig: { torch_dtype: "bfloat16", local_files_only: true, device_map: "auto" },
  LoraConfig: { r: 8, lora_alpha: 8, lora_dropout: 0 },
  TrainingArguments: {
    output_dir: "/mnt/results",
    ddp_find_unused_parameters: false,
    save_strategy: "no",
    per_device_train_batch_size: 1,
  },
  DataCollator: { mlm: true },
  DatasetConfig: { shuffle_dataset: true, train_test_split: 1 },
};
const LORA = { ...TEMPLATE, QuantizationConfig: { load_in_4bit: false } };
const QLORA = {
  ...TEMPLATE,
  QuantizationConfig: {
    load_in_4bit: true,
    bnb_4bit_quant_type: "nf4",
    bnb_4bit_compute_dtype: "bfloat16",
    bnb_4bit_use_double_quant: true,
  },
};

describe("trainingConfigMap", () => {
  it.each<[TuningMethod, object]>([
    ["lora", LORA],
    ["qlora", QLORA],
  ])("is KAITO's template for %s, with the layers that Phi-4 needs", (method, template) => {
    const LoraConfig = { ...TEMPLATE.LoraConfig, target_modules: ["qkv_proj", "o_proj"] };
    for (const nothing of [undefined, {}, { LoraConfig: undefined }, { ModelConfig: {} }]) {
      expect(read(nothing, method)).toEqual({ ...template, LoraConfig });
    }
  });

  it("leaves it to KAITO's template when nothing is set and no layer must be named", () => {
    expect(of(undefined, "qlora", "phi-3-mini-128k-instruct")).toBeUndefined();
    expect(of({ LoraConfig: { r: undefined } }, "lora", "qwen2.5-coder-7b-instruct")).toBeUndefined();
  });

  it("keeps the template's other values beside those that are set", () => {
    const config = {
      LoraConfig: { r: 16, use_rslora: true },
      TrainingArguments: { num_train_epochs: 1, learning_rate: 1e-7, report_to: "none" },
    };
    expect(read(config, "qlora", "qwen2.5-coder-7b-instruct")).toEqual({
      ...QLORA,
      LoraConfig: { ...TEMPLATE.LoraConfig, r: 16, use_rslora: true },
      // Python's parser takes 1e-7 for text too, and the training program makes a number of it.
      TrainingArguments: {
        ...TEMPLATE.TrainingArguments,
        num_train_epochs: 1,
        learning_rate: expect.anything(),
        report_to: "none",
      },
    });
  });

  it("quotes what YAML 1.1 would take for something else", () => {
    expect(of({})?.data["training_config.yaml"]).toContain('save_strategy: "no"');
    expect(read({ ModelConfig: { revision: "off" } }).ModelConfig.revision).toBe("off");
  });

  it("has a hash that changes with the content and not with the order", () => {
    const a = of({ LoraConfig: { r: 16, bias: "all", use_rslora: true } })?.hash;
    expect(of({ LoraConfig: { use_rslora: true, bias: "all", r: 16 } })?.hash).toBe(a);
    expect(of({ LoraConfig: { r: 16, bias: "none", use_rslora: true } })?.hash).not.toBe(a);
    expect(a).toMatch(/^[a-z0-9]{8}$/);
  });

  it("has 8 bits instead of 4 when asked for, without what is for 4 only", () => {
    expect(read({ QuantizationConfig: { load_in_8bit: true } }).QuantizationConfig).toEqual({
      load_in_4bit: false,
      load_in_8bit: true,
    });
  });
});

describe("a config that can't work", () => {
  const four = { QuantizationConfig: { load_in_4bit: true } };
  it.each<[string, object, TuningMethod, RegExp]>([
    [
      "4 bits with lora",
      four,
      "lora",
      /^config.QuantizationConfig.load_in_4bit: must not be true with method "lora"/,
    ],
    [
      "8 bits with lora",
      { QuantizationConfig: { load_in_8bit: true } },
      "lora",
      /load_in_8bit: must not be true/,
    ],
    [
      "both with qlora",
      { QuantizationConfig: { load_in_4bit: true, load_in_8bit: true } },
      "qlora",
      /^config.QuantizationConfig.load_in_8bit: must not be true together with load_in_4bit/,
    ],
    [
      "neither with qlora",
      { QuantizationConfig: { load_in_4bit: false } },
      "qlora",
      /^config.QuantizationConfig.load_in_4bit: must be true with method "qlora", or load_in_8bit/,
    ],
    [
      "a layer of another model",
      { LoraConfig: { target_modules: ["o_proj", "q_proj"] } },
      "qlora",
      /^config.LoraConfig.target_modules\[1\]: "q_proj" is no layer of phi-4-mini-instruct; its layers are qkv_proj, o_proj, gate_up_proj, down_proj/,
    ],
    [
      "an unknown section",
      { LoRAConfig: {} },
      "qlora",
      /^config.LoRAConfig: is no section of a training config; KAITO knows LoraConfig, /,
    ],
    [
      "a section by an inherited name",
      { constructor: { a: 1 } },
      "qlora",
      /^config.constructor: is no section/,
    ],
    ["a section that is no object", { LoraConfig: 8 }, "qlora", /^config.LoraConfig: must be an object/],
    [
      "an unknown key of a closed section",
      { DatasetConfig: { shuffle: true } },
      "qlora",
      /^config.DatasetConfig.shuffle: is no key of this section; its keys are shuffle_seed, /,
    ],
    [
      "an inherited key",
      { DataCollator: { toString: 1 } },
      "qlora",
      /^config.DataCollator.toString: is no key/,
    ],
    ["a rank of 0", { LoraConfig: { r: 0 } }, "qlora", /^config.LoraConfig.r: 0 is not allowed/],
    ["a rank in words", { LoraConfig: { r: "8" } }, "qlora", /^config.LoraConfig.r: "8" is not allowed/],
    [
      "all of the adapter dropped",
      { LoraConfig: { lora_dropout: 1 } },
      "qlora",
      /lora_dropout: 1 is not allowed/,
    ],
    ["no layer", { LoraConfig: { target_modules: [] } }, "qlora", /target_modules: \[\] is not allowed/],
    ["all layers in one word", { LoraConfig: { target_modules: "all-linear" } }, "qlora", /a list of texts/],
    [
      "nested values",
      { TrainingArguments: { lr_scheduler_kwargs: { num_cycles: 1 } } },
      "qlora",
      /^config.TrainingArguments.lr_scheduler_kwargs: .* \(an object as JSON text\)/,
    ],
    [
      "nothing as a value",
      { TrainingArguments: { report_to: null } },
      "qlora",
      /report_to: null is not allowed/,
    ],
    [
      "no rows to train on",
      { DatasetConfig: { train_test_split: 0 } },
      "qlora",
      /train_test_split: 0 is not/,
    ],
    [
      "another precision",
      { ModelConfig: { torch_dtype: "auto" } },
      "qlora",
      /torch_dtype: "auto" is not allowed/,
    ],
    ...["/mnt", "results", "/mnt/data", "/mnt/config/x", "/mnt/../etc", "/results", 7].map(
      (dir): [string, object, TuningMethod, RegExp] => [
        `results in ${dir}`,
        { TrainingArguments: { output_dir: dir } },
        "qlora",
        /^config.TrainingArguments.output_dir: .* is not allowed; it must be a folder below \/mnt/,
      ],
    ),
  ])("is refused: %s", (_, config, method, message) => {
    expect(() => of(config, method)).toThrow(message);
  });

  it("may have its results in another folder below /mnt", () => {
    for (const output_dir of ["/mnt/results", "/mnt/out/a.b", "/mnt/database/"]) {
      expect(read({ TrainingArguments: { output_dir } }).TrainingArguments.output_dir).toBe(output_dir);
    }
  });
});
