import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { KaitoGpuNodes, type KaitoGpuNodesArgs } from "../../../components/kaitoGpuNodes.ts";
import { azure } from "../../support/azure.ts";
import { resolved, runWithMocks } from "../../support/mocks.ts";

const TYPE = "pulumi-nodejs:dynamic/mcpaas:KaitoGpuNodes";
const ARGS: KaitoGpuNodesArgs = { kubeconfig: "very private", matchLabels: { "mcpaas.dev/pool": "gpu" } };

const run = (args: Partial<KaitoGpuNodesArgs> = {}, preview = false) =>
  runWithMocks(() => new KaitoGpuNodes("gpu-nodes", { ...ARGS, ...args }), azure, { preview });

const isKnown = (output: pulumi.Output<unknown>) =>
  (output as unknown as { isKnown: Promise<boolean> }).isKnown;

describe("KaitoGpuNodes", () => {
  it("passes on what to wait for, with its defaults and the kubeconfig as a secret", async () => {
    const { find } = await run();
    const { __provider: _, ...inputs } = find(TYPE).inputs;
    expect(inputs).toEqual({ ...ARGS, minCount: 1, trigger: "", timeoutMinutes: 30 });
    expect(find(TYPE).secretInputs).toEqual(["kubeconfig"]);
  });

  it("is ready once it was made, and not in the preview before", async () => {
    const { result } = await run();
    expect(await resolved(result.ready)).toBe("gpu-nodes-id");
    expect(await pulumi.isSecret(result.ready)).toBe(false);
    const preview = await run({}, true);
    expect(await isKnown(preview.result.ready)).toBe(false);
  });

  it.each<[Partial<KaitoGpuNodesArgs>, string]>([
    [{ matchLabels: {} }, "matchLabels: must have a label"],
    [{ minCount: 0 }, "minCount: 0 is not allowed"],
    [{ minCount: 1.5 }, "minCount: 1.5 is not allowed"],
    [{ timeoutMinutes: 0 }, "timeoutMinutes: 0 is not allowed"],
    [{ timeoutMinutes: 241 }, "timeoutMinutes: 241 is not allowed"],
  ])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
