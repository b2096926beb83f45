import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { findModel, kaitoModels, modelProblem } from "../../components/kaito/models.ts";
import { ensureToolchain } from "../../rehearsal/toolchain/toolchain.ts";

/** A model in model_catalog.yaml. */
interface CatalogueEntry {
  name: string;
  modelFileSize: string;
  modelTokenLimit: number;
  hiddenSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  numKeyValueHeads: number;
  headDim?: number;
  kvLoraRank?: number;
  qkRopeHeadDim?: number;
}

/** A model in supported_models.yaml. */
interface SupportedModel {
  name: string;
  version?: string;
  downloadAuthRequired?: boolean;
}

let catalogue: CatalogueEntry[] = [];
let supported: SupportedModel[] = [];

beforeAll(async () => {
  const toolchain = await ensureToolchain({ onProgress: (line) => console.log(line) });
  const models = async <T>(file: string) =>
    (parse(await readFile(join(toolchain.share, "kaito", file), "utf8")) as { models: T[] }).models;
  catalogue = await models("model_catalog.yaml");
  supported = (await models<SupportedModel>("supported_models.yaml")).filter(({ name }) => name !== "base");
});

/** Bytes of the KV cache for a token: two of 16 bits for each element of each layer. */
function bytesPerToken(entry: CatalogueEntry): number {
  const headSize = entry.headDim ?? Math.floor(entry.hiddenSize / entry.numAttentionHeads);
  const elements =
    entry.kvLoraRank === undefined
      ? 2 * entry.numKeyValueHeads * headSize
      : entry.kvLoraRank + (entry.qkRopeHeadDim ?? 0);
  return elements * entry.numHiddenLayers * 2;
}

describe("our figures of KAITO's models", () => {
  it("are those of its own catalogue, model for model", () => {
    expect(catalogue.length).toBeGreaterThan(0);
    expect(
      kaitoModels.map(({ id, fileSizeGiB, tokenLimit, bytesPerToken }) => ({
        id,
        size: `${fileSizeGiB.toFixed(2)}Gi`,
        tokenLimit,
        bytesPerToken,
      })),
    ).toEqual(
      catalogue.map((entry) => ({
        id: entry.name,
        size: entry.modelFileSize,
        tokenLimit: entry.modelTokenLimit,
        bytesPerToken: bytesPerToken(entry),
      })),
    );
  });

  it("have every short name, for the model that it stands for, or say what became of it", () => {
    expect(supported.length).toBeGreaterThan(0);
    for (const { name, version } of supported) {
      const id = /huggingface\.co\/([^/]+\/[^/]+)\//.exec(version ?? "")?.[1];
      const found = findModel(name)?.id ?? /Hugging Face id, "(.+)"$/.exec(modelProblem(name) ?? "")?.[1];
      expect([name, found?.toLowerCase()]).toEqual([name, id?.toLowerCase()]);
    }
  });

  it("have no short name that KAITO doesn't", () => {
    const short = kaitoModels.map(({ name }) => name).filter((name) => !name.includes("/"));
    expect(supported.map(({ name }) => name)).toEqual(expect.arrayContaining(short));
  });

  it("know of every model that needs a token", () => {
    const gated = supported.filter(({ downloadAuthRequired }) => downloadAuthRequired);
    expect(gated.length).toBeGreaterThan(0);
    for (const { name } of gated) expect([name, findModel(name)?.gated]).toEqual([name, true]);
  });
});
