import { describe, expect, it } from "vitest";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { azure, KUBECONFIG } from "../support/azure.ts";
import { needs, type Registered, runWithMocks, UNKNOWN } from "../support/mocks.ts";

const WAIT = "pulumi-nodejs:dynamic/mcpaas:KaitoGpuNodes";
const WORKSPACE = "kubernetes:kaito.sh/v1beta1:Workspace";
const POOL = "azure-native:containerservice:AgentPool";
const CHART = "kubernetes:helm.sh/v4:Chart";
const PHI = { model: "phi-4-mini-instruct" };

const run = (settings: object, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () =>
      azureStack(
        parseSettings(
          {
            location: "eastus",
            cluster: {
              gpuPool: { maxCount: 3 },
              moreGpuPools: { h100: { vmSize: "Standard_NC40ads_H100_v5", minCount: 2, maxCount: 2 } },
            },
            ...settings,
          },
          "dev",
        ),
      ),
    azure,
    options,
  );
const waitsOf = (resources: readonly Registered[]) => resources.filter(({ type }) => type === WAIT);

describe("a pool's nodes", () => {
  it("are waited for once, after the pool and KAITO and before every model there", async () => {
    const models = { a: PHI, b: PHI, c: { ...PHI, pool: "h100" } };
    const { resources, find } = await run({ models });
    expect(waitsOf(resources).map(({ name }) => name)).toEqual(["gpu-nodes-gpu", "gpu-nodes-h100"]);
    const wait = find(WAIT, "gpu-nodes-h100");
    expect(wait.inputs).toMatchObject({
      kubeconfig: KUBECONFIG,
      matchLabels: { "mcpaas.dev/pool": "h100" },
      minCount: 2,
      trigger: "aks-h100-id Standard_NC40ads_H100_v5",
    });
    expect(wait.secretInputs).toEqual(["kubeconfig"]);
    expect(needs(resources, wait, find(POOL, "aks-h100"))).toBe(true);
    expect(needs(resources, wait, find(CHART, "kaito-workspace"))).toBe(true);
    for (const [model, pool] of [
      ["a", "gpu"],
      ["b", "gpu"],
      ["c", "h100"],
    ]) {
      const workspace = find(WORKSPACE, model);
      expect(needs(resources, workspace, find(WAIT, `gpu-nodes-${pool}`))).toBe(true);
      expect(workspace.inputs.resource.labelSelector.matchLabels).toEqual({ "mcpaas.dev/pool": pool });
    }
  });

  it("are awaited by a tuning job, too", async () => {
    const job = {
      preset: "phi-4-mini-instruct",
      method: "qlora",
      input: { urls: ["https://example.com/data.parquet"] },
      output: { repository: "adapters/support", tag: "0.1.0" },
    };
    const { resources, find } = await run({ tuningJobs: { support: job } });
    const workspace = find("kubernetes:kaito.sh/v1alpha1:Workspace");
    expect(needs(resources, workspace, find(WAIT, "gpu-nodes-gpu"))).toBe(true);
    // By no input: the engine replaces what has one from a pool that is replaced, and a job would train anew.
    const preview = await run({ tuningJobs: { support: job } }, { preview: true });
    expect(
      preview.find("kubernetes:kaito.sh/v1alpha1:Workspace").inputs.resource.labelSelector.matchLabels,
    ).toEqual({ "mcpaas.dev/pool": "gpu" });
  });

  it("hold a model back in the preview that makes them, from KAITO's webhook", async () => {
    const { find } = await run({ models: { a: PHI } }, { preview: true });
    expect(find(WORKSPACE).inputs.resource.labelSelector.matchLabels).toBe(UNKNOWN);
  });

  it.each<[string, object]>([
    ["nothing runs there", {}],
    ["an InferenceSet has no replicas", { models: { a: { ...PHI, inferenceSet: { replicas: 0 } } } }],
    [
      "KAITO makes nodes itself",
      {
        kaito: { mode: "addon" },
        cluster: { gpuPool: { enabled: false } },
        models: { a: { ...PHI, vmSize: "Standard_NC24ads_A100_v4" } },
      },
    ],
  ])("aren't waited for when %s", async (_, settings) => {
    const { resources } = await run(settings);
    expect(waitsOf(resources)).toEqual([]);
  });
});
