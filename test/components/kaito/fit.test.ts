import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ModelFigures, nodesNeeded, smallestVmSize } from "../../../components/kaito/fit.ts";
import { findModel, type KaitoModel, kaitoModels } from "../../../components/kaito/models.ts";
import { supportedGpu } from "../../../components/vmSkuSelection/gpus.ts";
import { gpuSizesByPrice } from "../../../components/vmSkuSelection/series.ts";

const gpu = (vmSize: string) => {
  const found = supportedGpu(vmSize);
  if (!found) throw new Error(vmSize);
  return found;
};
const model = (name: string) => findModel(name) as KaitoModel;

/**
 * What KAITO's own EstimateNodeCount (v0.11.0, called from a Go program) answers for every model of its catalogue on
 * every size; "-" is an error, a context of 0 none given.
 */
const [header = "", ...rows] = readFileSync(join(import.meta.dirname, "estimates.csv"), "utf8")
  .trim()
  .split("\n");
const sizes = header.split(",").slice(2);

describe("nodesNeeded", () => {
  it.each(rows.map((row) => row.split(",") as [string, string, ...string[]]))(
    "is KAITO's own estimate for %s with a context of %s",
    (id, context, ...expected) => {
      const contextLength = context === "0" ? undefined : Number(context);
      const estimates = sizes.map((size) => {
        const nodes = nodesNeeded(model(id), gpu(size), {
          contextLength,
          maxNodes: Number.POSITIVE_INFINITY,
        });
        return typeof nodes === "number" ? String(nodes) : "-";
      });
      expect(estimates).toEqual(expected);
    },
  );

  it("has every model and size in that table", () => {
    expect(new Set(rows.map((row) => row.split(",")[0]))).toEqual(new Set(kaitoModels.map(({ id }) => id)));
    expect(sizes).toEqual(expect.arrayContaining([...gpuSizesByPrice]));
  });

  it("says with the numbers what is missing, and takes no more nodes than KAITO does", () => {
    expect(nodesNeeded(model("deepseek-r1-0528"), gpu("Standard_NC80adis_H100_v5"))).toEqual({
      tooSmall:
        "it needs 654.1 GiB of weights and, for a context of 2048 tokens, 2.4 GiB a GPU besides; that takes " +
        "5 nodes of 2 H100 GPUs with 79.0 GiB usable each, and 3 is the most",
    });
  });

  it("doesn't spread a model that can't be spread", () => {
    const figures = { fileSizeGiB: 30, bytesPerToken: 100_000, tensorParallel: true, distributed: true };
    const a10 = gpu("Standard_NV72ads_A10_v5");
    expect(nodesNeeded(figures, gpu("Standard_NV36ads_A10_v5"))).toBe(2);
    expect(nodesNeeded({ ...figures, distributed: false }, gpu("Standard_NV36ads_A10_v5"))).toMatchObject({
      tooSmall: expect.stringMatching(/that takes 2 nodes .* and 1 is the most/),
    });
    expect(nodesNeeded(figures, a10)).toBe(1);
    expect(nodesNeeded({ ...figures, tensorParallel: false }, a10)).toMatchObject({
      tooSmall: expect.stringMatching(
        /^it needs 30.6 GiB of weights .* on one GPU, and a node has 2 A10 GPUs/,
      ),
    });
  });

  it("never needs fewer nodes for more weights or a longer context", () => {
    const order = (nodes: ReturnType<typeof nodesNeeded>) =>
      typeof nodes === "number" ? nodes : Number.POSITIVE_INFINITY;
    fc.assert(
      fc.property(
        fc.constantFrom(...gpuSizesByPrice),
        fc.double({ min: 0.1, max: 700, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.integer({ min: 1, max: 200_000 }),
        fc.integer({ min: 0, max: 200_000 }),
        (size, fileSizeGiB, more, context, longer) => {
          const figures: ModelFigures = {
            fileSizeGiB,
            bytesPerToken: 131_072,
            tensorParallel: true,
            distributed: true,
          };
          const base = order(nodesNeeded(figures, gpu(size), { contextLength: context }));
          const heavier = nodesNeeded({ ...figures, fileSizeGiB: fileSizeGiB + more }, gpu(size), {
            contextLength: context,
          });
          const wider = nodesNeeded(figures, gpu(size), { contextLength: context + longer });
          expect(order(heavier)).toBeGreaterThanOrEqual(base);
          expect(order(wider)).toBeGreaterThanOrEqual(base);
        },
      ),
    );
  });
});

describe("smallestVmSize", () => {
  it.each([
    ["phi-4-mini-instruct", "Standard_NV36ads_A10_v5"],
    ["phi-4", "Standard_NC24ads_A100_v4"],
    ["qwen2.5-coder-32b-instruct", "Standard_NC40ads_H100_v5"],
    ["llama-3.3-70b-instruct", "Standard_NC80adis_H100_v5"],
    ["deepseek-r1-0528", "Standard_ND96isr_H200_v5"],
  ])("%s fits on one %s", (name, size) => {
    const smallest = smallestVmSize(model(name));
    const cheaper = gpuSizesByPrice.slice(0, gpuSizesByPrice.indexOf(smallest as string));
    expect(cheaper.map((each) => nodesNeeded(model(name), gpu(each), { maxNodes: 1 }))).not.toContain(1);
    expect(smallest).toBe(size);
  });

  it("is larger for a longer context, and nothing when nothing is large enough", () => {
    const phi = model("phi-4-mini-instruct");
    expect(smallestVmSize(phi, { contextLength: 131_072 })).not.toBe(smallestVmSize(phi));
    expect(smallestVmSize({ ...phi, fileSizeGiB: 5000 })).toBeUndefined();
  });
});
