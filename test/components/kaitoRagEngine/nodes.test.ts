import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { computeSpec, type RagNodes } from "../../../components/kaitoRagEngine/nodes.ts";
import { failureOf } from "../../support/mocks.ts";

const matchLabels = { "mcpaas.dev/pool": "gpu" };

describe("computeSpec", () => {
  it.each(["Standard_NV36ads_A10_v5", "Standard_D4s_v5", "standard_d8ds_v6"])("takes %s", (vmSize) => {
    expect(computeSpec({ matchLabels, vmSize, minCount: 1 })).toEqual({
      instanceType: vmSize,
      labelSelector: { matchLabels },
    });
  });

  it("may begin without a node where KAITO makes one", () => {
    const nodes = { matchLabels, vmSize: "Standard_D4s_v5", minCount: 0, provision: true };
    expect(computeSpec(nodes).instanceType).toBe("Standard_D4s_v5");
  });

  it.each<[string, Partial<RagNodes>, RegExp]>([
    ["a T4", { vmSize: "Standard_NC4as_T4_v3" }, /^nodes.vmSize: .* T4 .* leave nodes out to embed on CPUs$/],
    ["a part of a GPU", { vmSize: "Standard_NV6ads_A10_v5" }, /^nodes.vmSize: .* a sixth of an A10/],
    [
      "what KAITO refuses",
      { vmSize: "Standard_E8s_v5" },
      /^nodes.vmSize: .* begin with Standard_D; use nodeSel/,
    ],
    ["no node", { minCount: 0 }, /^nodes.minCount: is 0, and .* NodeClaim that nobody fulfils; keep 1 node/],
    ["half a node", { minCount: 0.5 }, /^nodes.minCount: 0.5 is not allowed/],
    ["no label", { matchLabels: {} }, /^nodes.matchLabels: must have a label/],
    [
      "KAITO's label",
      { matchLabels: { "kaito.sh/ragengine": "x" } },
      /^nodes.matchLabels: has "kaito.sh\/rag/,
    ],
  ])("refuses %s", (_, given, message) => {
    expect(() => computeSpec({ matchLabels, vmSize: "Standard_D4s_v5", ...given })).toThrow(message);
  });

  it("checks a size that comes later", async () => {
    const { instanceType } = computeSpec({ matchLabels, vmSize: pulumi.output("Standard_NC6s_v3") });
    expect(String(await failureOf(instanceType as pulumi.Output<string>))).toMatch(/nodes.vmSize: .* V100/);
  });
});
