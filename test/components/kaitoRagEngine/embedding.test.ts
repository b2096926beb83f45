import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { checkedEmbedding, type RagEmbedding } from "../../../components/kaitoRagEngine/embedding.ts";
import { failureOf } from "../../support/mocks.ts";

describe("checkedEmbedding", () => {
  it.each<[string, RagEmbedding | undefined]>([
    ["nothing", undefined],
    ["a local model", { local: {} }],
    ["KAITO's own model", { local: { modelId: "BAAI/bge-small-en-v1.5" } }],
  ])("has nothing to tell the service besides when asked for %s", (_, embedding) => {
    const { spec, told, service } = checkedEmbedding(embedding);
    expect(spec).toEqual({ local: { modelID: "BAAI/bge-small-en-v1.5", modelAccessSecret: undefined } });
    expect(told).toBeUndefined();
    expect(service).toBeUndefined();
  });

  it("tells the service another model by the variables that it reads", () => {
    const { spec, told } = checkedEmbedding({ local: { modelId: "BAAI/bge-m3" } });
    expect(spec.local).toMatchObject({ modelID: "BAAI/bge-m3" });
    expect(told).toEqual({
      variables: { EMBEDDING_SOURCE_TYPE: "local", LOCAL_EMBEDDING_MODEL_ID: "BAAI/bge-m3" },
      secret: undefined,
    });
  });

  it("hands on the Secret of a token, for KAITO's own model too", () => {
    const { spec, told } = checkedEmbedding({ local: { accessSecret: "hf" } });
    expect(spec.local).toMatchObject({ modelAccessSecret: "hf" });
    expect(told).toMatchObject({ secret: "hf" });
  });

  it("takes a remote one where the service can use it, and tells it so", () => {
    const url = "http://tei.models.svc.cluster.local/embed";
    const pods = { port: 8080 };
    const remote = { url, accessSecret: "tei", pods, fixedService: true };
    expect(checkedEmbedding({ remote })).toEqual({
      spec: { remote: { url, accessSecret: "tei" } },
      told: { variables: { EMBEDDING_SOURCE_TYPE: "remote", REMOTE_EMBEDDING_URL: url }, secret: "tei" },
      service: { url, pods },
    });
  });

  it.each<[string, object, RegExp]>([
    ["none", {}, /^embedding: must have one of local and remote/],
    [
      "both",
      { local: {}, remote: { url: "http://x" } },
      /^embedding: must have only one of local and remote/,
    ],
    [
      "a model that is a path",
      { local: { modelId: "./m" } },
      /^embedding.local.modelId: .* a Hugging Face id/,
    ],
    ["an image", { local: { image: "r.io/m:1" } }, /^embedding.local.image: has no effect: .* give modelId/],
    [
      "its pull secret",
      { local: { imagePullSecret: "a" } },
      /^embedding.local.imagePullSecret: has no effect/,
    ],
    [
      "a token in plain text",
      { local: { accessSecret: "hf_abc" } },
      /^embedding.local.accessSecret: is no name of a Secret; .* the key HF_TOKEN$/,
    ],
    [
      "a remote one that KAITO's service can't use",
      { remote: { url: "https://example.com/embed" } },
      /^embedding.remote: doesn't work with KAITO's own RAG service, .*; use embedding.local, or .* fixedService/,
    ],
    ["a URL that is none", { remote: { url: "x", fixedService: true } }, /^embedding.remote.url: "x" is not/],
    [
      "a port that is none",
      { remote: { url: "http://x", pods: { port: 0 }, fixedService: true } },
      /^embedding.remote.pods.port: 0 is not allowed/,
    ],
  ])("refuses %s", (_, embedding, message) => {
    expect(() => checkedEmbedding(embedding)).toThrow(message);
  });

  it("checks a URL that comes later", async () => {
    const { spec } = checkedEmbedding({ remote: { url: pulumi.output("ftp://x"), fixedService: true } });
    expect(String(await failureOf(spec.remote?.url as pulumi.Output<string>))).toMatch(
      /embedding.remote.url/,
    );
  });
});
