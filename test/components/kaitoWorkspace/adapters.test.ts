import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { adapterSpecs, type KaitoAdapter } from "../../../components/kaitoWorkspace/adapters.ts";
import { failureOf, resolved } from "../../support/mocks.ts";

const image = "example.azurecr.io/adapters/support:1";
const specs = (adapters: pulumi.Input<KaitoAdapter>[], runtime = "vllm") => adapterSpecs(adapters, runtime);

describe("adapterSpecs", () => {
  it("takes files from an image or a volume", () => {
    const volume = { persistentVolumeClaim: { claimName: "adapters" } };
    expect(
      specs([
        { name: "a", image, imagePullSecrets: ["acr"] },
        { name: "b", volume },
      ]),
    ).toEqual([
      { source: { name: "a", image, imagePullSecrets: ["acr"] } },
      { source: { name: "b", volumeSource: volume } },
    ]);
  });

  it.each([
    [1, "1.0"],
    [0, "0.0"],
    [0.125, "0.125"],
  ])("writes the strength %d as the text %j, for the runtime that knows it", (strength, text) => {
    expect(specs([{ name: "a", image, strength }], "transformers")).toMatchObject([{ strength: text }]);
  });

  it("takes one that isn't known yet, as a tuning job hands it out", async () => {
    const later = pulumi.output({ name: "a", image, imagePullSecrets: ["acr"] });
    const [spec] = specs([later]);
    expect(await resolved(spec as pulumi.Output<unknown>)).toMatchObject({
      source: { name: "a", image, imagePullSecrets: ["acr"] },
    });
    const [bad] = specs([pulumi.output({ name: "a", image: "r.io/a" })]);
    expect(String(await failureOf(bad as pulumi.Output<unknown>))).toContain(
      'adapters[0].image: "r.io/a" is not',
    );
  });

  it.each<[string, KaitoAdapter, string]>([
    ["name", { name: "a".repeat(32), image }, "adapters[1].name: "],
    ["strength", { name: "a", image, strength: 1 }, "adapters[1].strength: works with the runtime"],
    ["source", { name: "a" }, "adapters[1]: must have either"],
    ["repeated name", { name: "b", image }, 'adapters[2].name: "b" is the name of adapters[1] too'],
  ])("refuses a bad %s at once, whatever isn't known yet", (_, bad, message) => {
    const later = pulumi.output(new Promise<KaitoAdapter>(() => {}));
    expect(() => specs([later, bad, { name: "b", image: pulumi.output(image) }])).toThrow(message);
  });

  it("refuses the name of another one when both are known", async () => {
    const both = specs([pulumi.output({ name: "a", image }), { name: "a", image }]);
    expect(String(await failureOf(pulumi.output(both)))).toContain(
      'adapters[0].name: "a" is the name of adapters[1] too',
    );
  });

  it.each<[string, KaitoAdapter[], string, string]>([
    [
      "strength with vLLM",
      [{ name: "a", image, strength: 1 }],
      "vllm",
      "adapters[0].strength: works with the runtime",
    ],
    [
      "too much of it",
      [{ name: "a", image, strength: 1.1 }],
      "transformers",
      "adapters[0].strength: 1.1 is not",
    ],
    ["no source", [{ name: "a" }], "vllm", "adapters[0]: must have either image or volume"],
    [
      "two sources",
      [{ name: "a", image, volume: { emptyDir: {} } }],
      "vllm",
      "adapters[0]: must have either",
    ],
    ["an image that may change", [{ name: "a", image: "r.io/a:latest" }], "vllm", "adapters[0].image: "],
    [
      "a name with a dot",
      [{ name: "a.b", image }],
      "vllm",
      'adapters[0].name: "a.b" is not allowed; it must be 1 to 31',
    ],
    ["a name that is too long", [{ name: "a".repeat(32), image }], "vllm", "adapters[0].name: "],
    [
      "one name twice",
      [
        { name: "a", image },
        { name: "b", image },
        { name: "a", image },
      ],
      "vllm",
      'adapters[2].name: "a" is the name of adapters[0] too',
    ],
    [
      "eleven",
      Array.from({ length: 11 }, (_, i) => ({ name: `a${i}`, image })),
      "vllm",
      "adapters: has 11, and KAITO takes 10 at most",
    ],
  ])("refuses %s", (_, adapters, runtime, message) => {
    expect(() => specs(adapters, runtime)).toThrow(message);
  });
});
