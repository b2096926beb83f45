import { describe, expect, it } from "vitest";
import { findModel, kaitoModels, modelProblem } from "../../../components/kaito/models.ts";

describe("findModel", () => {
  it.each([
    ["phi-4-mini-instruct", "phi-4-mini-instruct"],
    ["Phi-4-Mini-Instruct", "phi-4-mini-instruct"],
    ["microsoft/phi-4-mini-instruct", "phi-4-mini-instruct"],
    ["gemma-3-4b-instruct", "gemma-3-4b-it"],
    ["mistral-7b", "mistral-7b-v0.3"],
    ["Qwen/Qwen3-8B-AWQ", "qwen3-8b-awq"],
  ])("%s is served as %s", (name, served) => {
    expect(findModel(name)?.servedName).toBe(served);
  });

  it("knows no model by a name that only looks like one", () => {
    expect(findModel("phi-4-mini")).toBeUndefined();
    expect(findModel("other/phi-4")).toBeUndefined();
  });

  it("gives each name to one model", () => {
    const names = kaitoModels.flatMap(({ name, aliases }) => [name, ...aliases]).map((n) => n.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(kaitoModels.map(({ servedName }) => servedName)).size).toBe(kaitoModels.length);
  });

  it("knows which need a token, and what can be tuned with which layers", () => {
    const gated = kaitoModels.filter((model) => model.gated).map(({ name }) => name);
    expect(gated).toEqual([
      "llama-3.1-8b-instruct",
      "llama-3.3-70b-instruct",
      "gemma-3-4b-instruct",
      "gemma-3-27b-instruct",
    ]);
    expect(findModel("phi-4-mini-instruct")?.tuning?.requiredTargetModules).toEqual(["qkv_proj", "o_proj"]);
    expect(findModel("llama-3.1-8b-instruct")?.tuning).toBeUndefined();
    expect(findModel("mistral-7b")?.tuning?.problem).toMatch(/panics/);
  });
});

describe("modelProblem", () => {
  it.each(["phi-4", "MICROSOFT/PHI-4", "Qwen/Qwen3-0.6B", "org/a.b_c-1"])("lets %s pass", (name) => {
    expect(modelProblem(name)).toBeUndefined();
  });

  it("names the nearest presets, nearest first", () => {
    expect(modelProblem("phi-4-mini")).toMatch(
      /^"phi-4-mini" is no preset of KAITO; the nearest are "phi-4",/,
    );
    expect(modelProblem("phi4-mini-instruct")).toMatch(/the nearest are "phi-4-mini-instruct",/);
  });

  it("says what became of a preset that is gone", () => {
    expect(modelProblem("falcon-7b")).toMatch(/no longer .*"tiiuae\/falcon-7b"$/);
  });

  it.each(["", "a b/c", "/x", "x/", "a/b/c"])("refuses %j", (name) => {
    expect(modelProblem(name)).toMatch(/is no preset of KAITO/);
  });
});
