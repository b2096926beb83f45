import { describe, expect, it } from "vitest";
import { KeptNodes, type KeptNodesArgs } from "../../../components/keptNodes.ts";
import { runWithMocks } from "../../support/mocks.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const matchLabels = { "mcpaas.dev/pool": "gpu" };

const run = (args: Partial<KeptNodesArgs> = {}) =>
  runWithMocks(() => new KeptNodes("kept", { namespace: "models", matchLabels, ...args }), {});

describe("KeptNodes", () => {
  it("asks for a node by a pod that takes next to nothing of it", async () => {
    const { find } = await run();
    const { metadata, spec } = find(DEPLOYMENT).inputs;
    expect(metadata).toMatchObject({ namespace: "models", annotations: { "pulumi.com/skipAwait": "true" } });
    expect(spec.replicas).toBe(1);
    expect(spec.template.spec).toMatchObject({
      nodeSelector: matchLabels,
      automountServiceAccountToken: false,
      containers: [{ resources: { requests: { cpu: "10m", memory: "8Mi" } } }],
    });
    expect(spec.template.spec.containers[0].resources.limits).not.toHaveProperty("nvidia.com/gpu");
  });

  it("runs on spot nodes and regular ones, each of its pods on another", async () => {
    const { find } = await run({ count: 3 });
    const { spec } = find(DEPLOYMENT).inputs;
    expect(spec.replicas).toBe(3);
    // biome-ignore lint/suspicious/noExplicitAny: whatever shape the resource has
    expect(spec.template.spec.tolerations.map(({ key, value }: any) => `${key}=${value}`)).toEqual([
      "sku=gpu",
      "kubernetes.azure.com/scalesetpriority=spot",
    ]);
    expect(
      spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution,
    ).toEqual([{ topologyKey: "kubernetes.io/hostname", labelSelector: spec.selector }]);
  });

  it("never asks for a node more while it is updated, nor holds one that could go", async () => {
    const { find } = await run();
    const { strategy, template } = find(DEPLOYMENT).inputs.spec;
    expect(strategy).toEqual({ type: "Recreate" });
    expect(template.metadata.annotations).toEqual({
      "cluster-autoscaler.kubernetes.io/safe-to-evict": "true",
    });
  });

  it("takes another image", async () => {
    const image = "example.azurecr.io/pause:1";
    const { find } = await run({ image });
    expect(find(DEPLOYMENT).inputs.spec.template.spec.containers[0].image).toBe(image);
  });

  it.each<[Partial<KeptNodesArgs>, string]>([
    [{ count: 0 }, "count: 0 is not allowed; it must be a whole number from 1 to 1000"],
    [{ count: 1001 }, "count: 1001 is not allowed"],
    [{ matchLabels: {} }, "matchLabels: must have a label"],
  ])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
