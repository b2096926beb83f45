import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { labelsText, sizedNodes } from "../../../components/kaitoTuningJob/nodes.ts";
import { tunableModel } from "../../../components/kaitoTuningJob/presets.ts";
import { failureOf, resolved } from "../../support/mocks.ts";

const matchLabels = { "mcpaas.dev/pool": "gpu" };
const parent = undefined as unknown as pulumi.Resource;

/** The size of a pool's nodes, which is known only later. */
function sizeOf(vmSize: string, preset = "phi-4-mini-instruct") {
  const nodes = { matchLabels, vmSize: pulumi.output(vmSize) };
  return pulumi.output(sizedNodes(parent, "tune", { nodes }, tunableModel(preset)).vmSize);
}

describe("a size that is known later", () => {
  it("passes with enough memory on a GPU", async () => {
    expect(await resolved(sizeOf("Standard_NC24ads_A100_v4"))).toBe("Standard_NC24ads_A100_v4");
    // Exactly what KAITO asks.
    expect(await resolved(sizeOf("Standard_NC24ads_A100_v4", "phi-3-medium-4k-instruct"))).toBe(
      "Standard_NC24ads_A100_v4",
    );
  });

  it.each([
    ["Standard_NV36ads_A10_v5", /^nodes.vmSize: Standard_NV36ads_A10_v5 has 24 GiB of memory on a GPU/],
    ["Standard_NC4as_T4_v3", /^nodes.vmSize: Standard_NC4as_T4_v3 has T4 GPUs/],
    ["Standard_D4s_v5", /^nodes.vmSize: Standard_D4s_v5 has no GPU/],
  ])("fails before anything is made of it: %s", async (vmSize, message) => {
    expect(await failureOf(sizeOf(vmSize))).toMatchObject({ message: expect.stringMatching(message) });
  });
});

describe("labelsText", () => {
  it("is the same for the same labels in another order only", () => {
    const text = labelsText({ matchLabels: { a: "1", b: "2" } });
    expect(labelsText({ matchLabels: { b: "2", a: "1" } })).toBe(text);
    expect(labelsText({ matchLabels: { a: "2", b: "1" } })).not.toBe(text);
  });
});
