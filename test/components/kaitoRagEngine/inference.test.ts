import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { checkedInference, type RagInference } from "../../../components/kaitoRagEngine/inference.ts";
import type { KaitoWorkspace } from "../../../components/kaitoWorkspace.ts";
import { failureOf, resolved } from "../../support/mocks.ts";

const model = (modelName: string, contextLength?: number): NonNullable<RagInference["model"]> => ({
  url: pulumi.output("http://phi.models.svc.cluster.local/v1"),
  modelName: pulumi.output(modelName),
  podLabels: { "kaito.sh/workspace": "phi" },
  contextLength,
});
const url = "http://phi.models.svc.cluster.local/v1/chat/completions";
const windowOf = (inference: RagInference) =>
  pulumi.output(checkedInference(inference).spec.contextWindowSize);

describe("checkedInference", () => {
  it("asks a KaitoWorkspace's chat endpoint, in its pods", async () => {
    // A KaitoWorkspace is such a model: this line is checked by the compiler.
    const asModel = (workspace: KaitoWorkspace): RagInference => ({ model: workspace });
    expect(asModel).toBeTypeOf("function");
    const { spec, service } = checkedInference({ model: model("phi-4-mini-instruct") });
    expect(await resolved(pulumi.output(spec.url))).toBe(url);
    expect(await resolved(pulumi.output(service))).toEqual({
      url,
      pods: { podLabels: { "kaito.sh/workspace": "phi" }, port: 5000 },
    });
  });

  it.each([
    ["phi-4-mini-instruct", 131072],
    ["mistral-7b-v0.3", 32768],
    ["Qwen/Qwen2.5-Coder-7B-Instruct", 32768],
  ])("takes the context window of %s from the catalogue", async (name, tokens) => {
    expect(await resolved(windowOf({ model: model(name) }))).toBe(tokens);
  });

  it.each([
    ["phi-4-mini-instruct", 4096],
    ["my-set", 131072],
  ])("takes the context window of %s from the model itself, before the catalogue", (name, tokens) => {
    const inference = { model: model(name, tokens) };
    expect(checkedInference(inference).spec.contextWindowSize).toBe(tokens);
    expect(() => checkedInference({ ...inference, contextWindowSize: tokens + 1 })).toThrow(
      `contextWindowSize: ${tokens + 1} is more than the ${tokens} tokens that the model takes`,
    );
    expect(checkedInference({ ...inference, contextWindowSize: 100 }).spec.contextWindowSize).toBe(100);
  });

  it("takes the one that is given, for a model that nobody knows too", async () => {
    expect(await resolved(windowOf({ model: model("phi-4-mini-instruct"), contextWindowSize: 4096 }))).toBe(
      4096,
    );
    expect(await resolved(windowOf({ model: model("my-set"), contextWindowSize: 4096 }))).toBe(4096);
  });

  it.each<[string, RagInference, RegExp]>([
    [
      "a model that nobody knows",
      { model: model("my-set") },
      /is missing, and KAITO's catalogue has no "my-set"/,
    ],
    [
      "more than the model takes",
      { model: model("phi-4"), contextWindowSize: 20000 },
      /contextWindowSize: 20000 is more than the 16384 tokens that phi-4 takes/,
    ],
  ])("refuses %s when it is known", async (_, inference, message) => {
    expect(String(await failureOf(windowOf(inference)))).toMatch(message);
  });

  it("takes any chat endpoint with its secret and its pods", () => {
    const pods = { podLabels: { app: "phi" }, port: 5000 };
    expect(checkedInference({ url, contextWindowSize: 4000, accessSecret: "llm", pods })).toEqual({
      spec: { url, accessSecret: "llm", contextWindowSize: 4000 },
      service: { url, pods },
    });
  });

  it.each<[string, RagInference, RegExp]>([
    ["nothing", {}, /^inference: must have one of model and url; leave inference out to only retrieve$/],
    ["both", { model: model("phi-4"), url }, /^inference: must have only one of model and url/],
    ["no context window", { url }, /^inference.contextWindowSize: is missing; give the tokens/],
    [
      "a context window of 0",
      { url, contextWindowSize: 0 },
      /^inference.contextWindowSize: 0 is not allowed/,
    ],
    ["half a token", { url, contextWindowSize: 0.5 }, /^inference.contextWindowSize: 0.5 is not allowed/],
    [
      "the base of the API",
      { url: "http://phi/v1", contextWindowSize: 1 },
      /^inference.url: .* must end in \/chat\/completions, for example "http:\/\/phi\/v1\/chat\/completions"$/,
    ],
    [
      "the older endpoint",
      { url: "http://phi/v1/completions", contextWindowSize: 1 },
      /must end in \/chat\/completions, for example "http:\/\/phi\/v1\/chat\/completions"$/,
    ],
    [
      "a host alone",
      { url: "http://phi/", contextWindowSize: 1 },
      /for example "http:\/\/phi\/v1\/chat\/completions"$/,
    ],
    ["no URL", { url: "phi", contextWindowSize: 1 }, /^inference.url: "phi" is not allowed/],
    [
      "a key in plain text",
      { url, contextWindowSize: 1, accessSecret: "sk-ABC" },
      /^inference.accessSecret: is no name of a Secret/,
    ],
    [
      "a port that is none",
      { url, contextWindowSize: 1, pods: { port: 70000 } },
      /^inference.pods.port: 70000/,
    ],
  ])("refuses %s", (_, inference, message) => {
    expect(() => checkedInference(inference)).toThrow(message);
  });
});
