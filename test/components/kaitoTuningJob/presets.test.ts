import { describe, expect, it } from "vitest";
import {
  moduleProblem,
  requiredModules,
  tunableModel,
  tunablePresets,
} from "../../../components/kaitoTuningJob/presets.ts";

describe("tunableModel", () => {
  it.each([
    ["phi-4-mini-instruct", "phi-4-mini-instruct"],
    ["microsoft/Phi-4-mini-instruct", "phi-4-mini-instruct"],
    ["Phi-3-Mini-128k-Instruct", "phi-3-mini-128k-instruct"],
  ])("finds %s by the short name that KAITO's defaults go by", (preset, name) => {
    expect(tunableModel(preset).name).toBe(name);
  });

  it.each([
    [
      "falcon-7b",
      /^preset: "falcon-7b" can't be tuned: KAITO 0.11.0 has no such preset; it must be one of phi-4, /,
    ],
    [
      "gpt-oss-20b",
      /^preset: "gpt-oss-20b" can't be tuned: KAITO serves it but doesn't tune it; it must be one/,
    ],
    [
      "mistral-7b",
      /^preset: "mistral-7b" can't be tuned: KAITO 0.11.0 looks it up under a name .*; it must be one/,
    ],
    ["org/model", /has no such preset/],
  ])("refuses %s with the list", (preset, message) => {
    expect(() => tunableModel(preset)).toThrow(message);
    expect(() => tunableModel(preset)).toThrow(tunablePresets.join(", "));
  });

  it("knows all that upstream has parameters for, but the one that ends in a panic", () => {
    expect(tunablePresets).toEqual([
      "phi-4",
      "phi-4-mini-instruct",
      "phi-3-mini-4k-instruct",
      "phi-3-mini-128k-instruct",
      "phi-3-medium-4k-instruct",
      "phi-3-medium-128k-instruct",
      "phi-3.5-mini-instruct",
      "qwen2.5-coder-7b-instruct",
      "qwen2.5-coder-32b-instruct",
    ]);
  });
});

describe("target modules", () => {
  it("must be named for Phi-4, of whose architecture neither KAITO nor PEFT has a default", () => {
    const required = tunablePresets.filter((preset) => requiredModules(tunableModel(preset)) !== undefined);
    expect(required).toEqual(["phi-4", "phi-4-mini-instruct"]);
    expect(requiredModules(tunableModel("phi-4"))).toEqual(["qkv_proj", "o_proj"]);
  });

  it.each([
    ["phi-4-mini-instruct", "qkv_proj", true],
    ["phi-4-mini-instruct", "gate_up_proj", true],
    ["phi-4-mini-instruct", "q_proj", false],
    ["phi-3-mini-128k-instruct", "qkv_proj", true],
    // KAITO's own default for these.
    ["phi-3-mini-128k-instruct", "q_proj", true],
    ["qwen2.5-coder-7b-instruct", "q_proj", true],
    ["qwen2.5-coder-7b-instruct", "qkv_proj", false],
  ])("of %s: %s is one: %s", (preset, module, fits) => {
    expect(moduleProblem(tunableModel(preset), module) === undefined).toBe(fits);
  });
});
