import { describe, expect, it } from "vitest";
import { settingsOfNodes } from "../../stacks/azure/kaitoNodes.ts";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { azure } from "../support/azure.ts";
import { needs, resolved, runWithMocks, UNKNOWN } from "../support/mocks.ts";
import { mayCall, policiesOf } from "../support/networkPolicy.ts";

const WORKSPACE = "kubernetes:kaito.sh/v1beta1:Workspace";
const CHART = "kubernetes:helm.sh/v4:Chart";
const SECRET = "kubernetes:core/v1:Secret";
const POOL = "azure-native:containerservice:AgentPool";
const SCOPE = "azure-native:containerregistry:ScopeMap";

const PHI = { model: "phi-4-mini-instruct" };
const JOB = {
  preset: "phi-4-mini-instruct",
  input: { urls: ["https://example.com/dolly.parquet"] },
  output: { repository: "adapters/dolly" },
};

const run = (settings: object, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => azureStack(parseSettings({ location: "eastus", ...settings }, "dev", () => true)),
    azure,
    options,
  );

describe.each([{ preview: false }, { preview: true }])("the stack's models, preview: $preview", (options) => {
  it("go before KAITO, their namespace and their nodes", async () => {
    const { find, resources } = await run({ models: { phi: PHI } }, options);
    const model = find(WORKSPACE, "phi");
    for (const below of [
      find(CHART, "kaito-workspace"),
      find("kubernetes:core/v1:Namespace", "models"),
      find("kubernetes:core/v1:LimitRange", "models-limits"),
      find(POOL, "aks-gpu"),
    ]) {
      expect([below.name, needs(resources, model, below)]).toEqual([below.name, true]);
    }
    // Not known in a preview whose pool isn't there, so that KAITO isn't asked about it.
    const labels = options.preview ? UNKNOWN : { "mcpaas.dev/pool": "gpu" };
    expect(model.inputs.resource.labelSelector.matchLabels).toEqual(labels);
    expect(model.inputs.resource).not.toHaveProperty("instanceType");
  });

  it("have addresses that are known before there is a cluster", async () => {
    const { result } = await run({ models: { phi: PHI } }, options);
    expect(await resolved(result.modelUrls)).toEqual({
      phi: { url: "http://phi.models.svc.cluster.local/v1", modelName: "phi-4-mini-instruct" },
    });
  });
});

describe("the stack's AI half", () => {
  it("gives models a namespace that takes their pods: baseline, and no memory limit of its own", async () => {
    const { find } = await run({ models: { phi: PHI } });
    expect(find("kubernetes:core/v1:Namespace", "models").inputs.metadata.labels).toMatchObject({
      "pod-security.kubernetes.io/enforce": "baseline",
    });
    const [limits] = find("kubernetes:core/v1:LimitRange", "models-limits").inputs.spec.limits;
    expect(limits).not.toHaveProperty("default");
  });

  it("hands the token to gated models alone, as a secret", async () => {
    const models = { phi: PHI, llama: { model: "llama-3.1-8b-instruct", pool: "large" } };
    const { resources } = await run({
      models,
      huggingFaceToken: "hf_very-private",
      cluster: { moreGpuPools: { large: {} } },
    });
    const holders = resources.filter((r) => JSON.stringify(r.inputs).includes("hf_very-private"));
    expect(holders.map(({ type, secretInputs }) => ({ type, secret: secretInputs.length > 0 }))).toEqual([
      { type: SECRET, secret: true },
    ]);
    const llama = resources.find((r) => r.type === WORKSPACE && r.name === "llama");
    expect(llama?.inputs.inference.preset.presetOptions.modelAccessSecret).toBe(
      holders[0]?.inputs.metadata.name,
    );
  });

  it("lets a model's RAG engines in when its clients are listed", async () => {
    const { resources } = await run({
      models: { phi: { ...PHI, clients: [{ namespace: "chat" }] } },
      ragEngines: { docs: { inference: { model: "phi" } }, search: {} },
    });
    const policies = policiesOf(resources);
    const model = { namespace: "models", labels: { "kaito.sh/workspace": "phi" } };
    const engine = (name: string) => ({ namespace: "models", labels: { "kaito.sh/ragengine": name } });
    expect(mayCall(policies, engine("docs"), model, 5000)).toBe(true);
    expect(mayCall(policies, engine("search"), model, 5000)).toBe(false);
    expect(mayCall(policies, { namespace: "chat" }, model, 5000)).toBe(true);
  });

  it("keeps RAG engines off the GPU nodes, which they tolerate", async () => {
    const { resources } = await run({ ragEngines: { search: {} } });
    const patch = resources.find((r) => r.type === "kubernetes:apps/v1:DeploymentPatch");
    expect(patch?.inputs.spec.template.spec.nodeSelector).toEqual({ "mcpaas.dev/pool": "user" });
  });

  it("pushes an adapter with one login, and serves it with another that can't push", async () => {
    const { resources, find } = await run({
      cluster: { gpuPool: { maxCount: 2, minCount: 2 } },
      models: { tuned: { ...PHI, adapters: [{ tuningJob: "dolly" }] } },
      tuningJobs: { dolly: JOB },
    });
    const actions = (name: string) =>
      resources.find((r) => r.type === SCOPE && r.name.startsWith(name))?.inputs.actions;
    expect(actions("dolly-push")).toContain("repositories/adapters/dolly/content/write");
    expect(actions("dolly-pull")).toEqual([
      "repositories/adapters/dolly/content/read",
      "repositories/adapters/dolly/metadata/read",
    ]);
    const [adapter] = find(WORKSPACE, "tuned").inputs.inference.adapters;
    expect(adapter.source).toMatchObject({ name: "dolly", imagePullSecrets: ["dolly-pull"] });
    const job = resources.find((r) => /:Workspace$/.test(r.type) && r.name === "dolly");
    expect(job?.inputs.tuning.output.imagePushSecret).not.toBe("dolly-pull");
  });

  it("leaves KAITO to AKS in mode addon, with nodes of each model's own", async () => {
    const { resources, find } = await run({
      kaito: { mode: "addon" },
      cluster: { gpuPool: { enabled: false } },
      models: { phi: { ...PHI, vmSize: "Standard_NC24ads_A100_v4" } },
    });
    expect(resources.filter((r) => r.type === CHART).map((r) => r.name)).not.toContain("kaito-workspace");
    expect(find("azure-native:containerservice:ManagedCluster").inputs.aiToolchainOperatorProfile).toEqual({
      enabled: true,
    });
    expect(find(WORKSPACE, "phi").inputs.resource).toEqual({
      instanceType: "Standard_NC24ads_A100_v4",
      labelSelector: { matchLabels: { "mcpaas.dev/pool": "phi" } },
    });
  });

  it("makes nothing of KAITO when it is off", async () => {
    const { resources } = await run({ kaito: { mode: "off" } });
    expect(resources.filter((r) => /kaito|models/i.test(r.name)).map((r) => r.name)).toEqual([]);
  });

  it("names the pool's settings in what a component says of nodes", () => {
    const settings = parseSettings({ location: "eastus", cluster: { moreGpuPools: { large: {} } } }, "dev");
    expect(settingsOfNodes(settings, "gpu", "models.a")["nodes.minCount"]).toBe(
      "mcpaas:cluster.gpuPool.minCount",
    );
    expect(settingsOfNodes(settings, "large", "models.a")["nodes.vmSize"]).toBe(
      "mcpaas:cluster.moreGpuPools.large.vmSize",
    );
  });
});
