import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { KaitoWorkspace, type KaitoWorkspaceArgs } from "../../../components/kaitoWorkspace.ts";
import { needs, resolved, runWithMocks, UNKNOWN } from "../../support/mocks.ts";

const WORKSPACE = "kubernetes:kaito.sh/v1beta1:Workspace";
const SET = "kubernetes:kaito.sh/v1beta1:InferenceSet";
const CONFIG = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";
const SERVICE = "kubernetes:core/v1:Service";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const nodes = {
  matchLabels: { "mcpaas.dev/pool": "gpu" },
  vmSize: "Standard_NC24ads_A100_v4",
  minCount: 1,
  maxCount: 2,
};

type Given = Partial<KaitoWorkspaceArgs> & object;

const run = (args: Given = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => new KaitoWorkspace("phi", { namespace: "models", nodes, model: "phi-4-mini-instruct", ...args }),
    {},
    options,
  );

const template = { spec: { containers: [{ name: "server", image: "r.io/server:1" }] } };

describe.each([{ preview: false }, { preview: true }])("KaitoWorkspace, preview: $preview", ({ preview }) => {
  it("makes a Workspace and waits until the model answers", async () => {
    const { find } = await run({}, { preview });
    const { inputs, customTimeouts } = find(WORKSPACE);
    expect(inputs).toEqual({
      apiVersion: "kaito.sh/v1beta1",
      kind: "Workspace",
      metadata: {
        name: "phi",
        namespace: "models",
        annotations: {
          "kaito.sh/disable-benchmark": "true",
          "pulumi.com/waitFor": "condition=WorkspaceSucceeded",
        },
      },
      resource: { labelSelector: { matchLabels: { "mcpaas.dev/pool": "gpu" } } },
      inference: { preset: { name: "phi-4-mini-instruct" } },
    });
    expect(customTimeouts).toEqual({ create: "60m", update: "60m", delete: "20m" });
  });

  it("makes an InferenceSet with a Service over its replicas, and waits for it", async () => {
    const inferenceSet = { replicas: 2, nodeCountLimit: 2 };
    const { find, result } = await run({ inferenceSet, performanceMode: "throughput" }, { preview });
    const annotations = {
      "kaito.sh/disable-benchmark": "true",
      "kaito.sh/performance-mode": "throughput",
    };
    expect(find(SET).inputs).toEqual({
      apiVersion: "kaito.sh/v1beta1",
      kind: "InferenceSet",
      metadata: {
        name: "phi",
        namespace: "models",
        annotations: {
          "kaito.sh/disable-benchmark": "true",
          // The number of replicas is its own again, whoever has set another one.
          "pulumi.com/patchForce": "true",
          "pulumi.com/waitFor": "condition=InferenceSetReady",
        },
      },
      spec: {
        replicas: 2,
        nodeCountLimit: 2,
        labelSelector: { matchLabels: { "mcpaas.dev/pool": "gpu" } },
        template: { metadata: { annotations }, inference: { preset: { name: "phi-4-mini-instruct" } } },
      },
    });
    const { metadata, spec } = find(SERVICE).inputs;
    expect(metadata).toEqual({
      name: "phi-replicas",
      namespace: "models",
      annotations: { "pulumi.com/skipAwait": "true" },
    });
    expect(spec).toEqual({
      selector: { "inferenceset.kaito.sh/created-by": "phi", "apps.kubernetes.io/pod-index": "0" },
      ports: [{ name: "http", port: 80, targetPort: 5000, protocol: "TCP" }],
    });
    expect(await resolved(result.url)).toBe("http://phi-replicas.models.svc.cluster.local/v1");
  });

  it("closes the network, and has config and token there, before the pods start", async () => {
    const args = { config: { maxModelLength: 4096 }, accessToken: "hf_x" };
    const { find, resources } = await run(args, { preview });
    for (const earlier of [find(POLICY, "phi-network"), find(CONFIG), find(SECRET)]) {
      expect(needs(resources, find(WORKSPACE), earlier)).toBe(true);
    }
  });

  it("tells address, model and condition in advance, and to nobody before the model is there", async () => {
    const { result, find } = await run({}, { preview });
    expect(await resolved(result.url)).toBe("http://phi.models.svc.cluster.local/v1");
    expect(await resolved(result.modelName)).toBe("phi-4-mini-instruct");
    expect(await resolved(result.waitedFor)).toBe("condition=WorkspaceSucceeded");
    expect(await resolved(result.name)).toBe("phi");
    for (const output of [result.url, result.modelName, result.name, result.waitedFor]) {
      const { allResources } = output as unknown as { allResources(): Promise<Set<pulumi.Resource>> };
      const sources = [...(await allResources.call(output))].map(
        (resource) => (resource as unknown as { __name: string }).__name,
      );
      expect(sources).toContain(find(WORKSPACE).name);
    }
  });
});

describe("KaitoWorkspace", () => {
  it.each<[string, Given, string]>([
    ["a preset by its short name", { model: "mistral-7b-instruct" }, "mistral-7b-instruct-v0.3"],
    ["a preset by its id", { model: "Microsoft/Phi-4" }, "phi-4"],
    ["any model of Hugging Face", { model: "Qwen/Qwen3-0.6B" }, "qwen3-0.6b"],
    ["a set, which gives its own name", { inferenceSet: {} }, "phi"],
    [
      "a set of the other runtime, which doesn't",
      { inferenceSet: {}, model: "phi-4", runtime: "transformers" },
      "phi-4",
    ],
    ["pods of one's own", { model: undefined, template }, "phi"],
    ["pods of one's own, told", { model: undefined, template, servedModelName: "mine" }, "mine"],
  ])("knows what requests call %s", async (_, args, name) => {
    expect(await resolved((await run(args)).result.modelName)).toBe(name);
  });

  it.each<[string, Given, number | undefined]>([
    ["its preset", {}, 131072],
    ["its config", { config: { maxModelLength: 4096 } }, 4096],
    ["its preset, in an InferenceSet", { inferenceSet: {} }, 131072],
    ["its config, in an InferenceSet", { inferenceSet: {}, config: { maxModelLength: 4096 } }, 4096],
    [
      "its config, for a model that KAITO has no figures of",
      { model: "my/model", config: { maxModelLength: 99 } },
      99,
    ],
    ["nothing, for such a model", { model: "my/model" }, undefined],
    ["nothing, for pods of one's own", { model: undefined, template }, undefined],
  ])("says how long its context is by %s", async (_, args, tokens) => {
    expect((await run(args)).result.contextLength).toBe(tokens);
  });

  it("hands a pod template on as it is", async () => {
    const { find } = await run({ model: undefined, template });
    expect(find(WORKSPACE).inputs.inference).toEqual({ template });
    expect(find(WORKSPACE).inputs.metadata.annotations).toEqual({
      "pulumi.com/waitFor": "condition=WorkspaceSucceeded",
    });
  });

  it("lets KAITO make the nodes when asked to", async () => {
    const provision = { ...nodes, provision: true };
    const workspace = (await run({ nodes: provision, nodeImageFamily: "azurelinux" })).find(WORKSPACE).inputs;
    expect(workspace.resource.instanceType).toBe("Standard_NC24ads_A100_v4");
    expect(workspace.metadata.annotations["kaito.sh/node-image-family"]).toBe("azurelinux");
    const set = (await run({ nodes: provision, inferenceSet: {} })).find(SET).inputs;
    expect(set.spec.template.resource).toEqual({ instanceType: "Standard_NC24ads_A100_v4" });
  });

  it("tells KAITO runtime, mode and what not to check, where its controller looks", async () => {
    const args = { model: "phi-4", runtime: "transformers", fitCheck: false } as const;
    const expected = { "kaito.sh/runtime": "transformers", "kaito.sh/bypass-resource-checks": "true" };
    const workspace = (await run(args)).find(WORKSPACE).inputs;
    expect(workspace.metadata.annotations).toMatchObject(expected);
    const set = (await run({ ...args, inferenceSet: {} })).find(SET).inputs;
    expect(set.spec.template.metadata.annotations).toEqual(expected);
    expect(set.metadata.annotations).toMatchObject({ "kaito.sh/runtime": "transformers" });
  });

  it("measures only when asked to", async () => {
    const { find } = await run({ benchmark: true });
    expect(find(WORKSPACE).inputs.metadata.annotations).not.toHaveProperty("kaito.sh/disable-benchmark");
  });

  it("writes the config into a ConfigMap whose name changes with it, and refers to that", async () => {
    const named = async (maxModelLength: number) => {
      const { find } = await run({ config: { maxModelLength } });
      const { metadata, data, immutable } = find(CONFIG).inputs;
      expect(parse(data["inference_config.yaml"])).toEqual({ vllm: { "max-model-len": maxModelLength } });
      expect(immutable).toBe(true);
      expect(find(WORKSPACE).inputs.inference.config).toBe(metadata.name);
      return metadata.name as string;
    };
    const names = [await named(4096), await named(8192), await named(4096)];
    expect(names[0]).toMatch(/^phi-[a-z0-9]{8}$/);
    expect(names[0]).toBe(names[2]);
    expect(names[0]).not.toBe(names[1]);
  });

  it("keeps from KAITO's webhook, which judges previews too, what refers to things still to be made", async () => {
    const inference = async (args: Given) =>
      (await run(args, { preview: true })).find(WORKSPACE).inputs.inference;
    expect((await inference({ config: {} })).config).toBe(UNKNOWN);
    const secretOf = async (args: Given) => (await inference(args)).preset.presetOptions.modelAccessSecret;
    expect(await secretOf({ model: "org/model", accessToken: "t" })).toBe(UNKNOWN);
    // KAITO asks nobody about this one, and a new token shouldn't look like a new model.
    expect(await secretOf({ accessToken: "t" })).toBe("phi-hf-token");
  });

  it("makes a Secret of a token, which stays one, and refers to it or to another", async () => {
    const own = await run({ model: "llama-3.1-8b-instruct", accessToken: "hf_x" });
    expect(own.find(SECRET).inputs).toMatchObject({
      metadata: { name: "phi-hf-token", namespace: "models" },
      stringData: { HF_TOKEN: "hf_x" },
    });
    expect(own.find(SECRET).secretInputs.some((path) => path.startsWith("stringData"))).toBe(true);
    const preset = { name: "llama-3.1-8b-instruct", presetOptions: { modelAccessSecret: "phi-hf-token" } };
    expect(own.find(WORKSPACE).inputs.inference.preset).toEqual(preset);
    const other = await run({ model: "llama-3.1-8b-instruct", accessTokenSecret: "hf" });
    expect(other.find(WORKSPACE).inputs.inference.preset.presetOptions).toEqual({ modelAccessSecret: "hf" });
    expect(other.resources.filter(({ type }) => type === SECRET)).toEqual([]);
  });

  it("is replaced, the old one first, whenever KAITO wouldn't bring the change to the pods", async () => {
    const workspace = (await run()).find(WORKSPACE);
    expect(workspace.deleteBeforeReplace).toBe(true);
    expect(workspace.replaceOnChanges).toEqual(["kind", "resource", "inference", "metadata.annotations"]);
    const set = (await run({ inferenceSet: {} })).find(SET);
    expect(set.deleteBeforeReplace).toBe(true);
    expect(set.replaceOnChanges).toEqual(["kind", "spec.template", "spec.labelSelector"]);
    expect(set.ignoreChanges).toEqual([]);
  });

  it("leaves the replicas to the autoscaler: they are no part of what Pulumi sends", async () => {
    const autoscaling = { maxReplicas: 2, scaler: "custom-metrics" } as const;
    const { find, resources } = await run({ inferenceSet: { autoscaling } });
    expect(find(SET).inputs.spec).not.toHaveProperty("replicas");
    expect(find(SET).inputs.metadata.annotations).not.toHaveProperty("pulumi.com/patchForce");
    // Those that were set stay: without them KAITO's CRD says one, and the others' requests end.
    expect(find(SET).ignoreChanges).toEqual(["spec.replicas"]);
    const scaler = find("kubernetes:autoscaling/v2:HorizontalPodAutoscaler");
    expect(scaler.inputs.spec.scaleTargetRef).toEqual({
      apiVersion: "kaito.sh/v1beta1",
      kind: "InferenceSet",
      name: find(SET).inputs.metadata.name,
    });
    expect(needs(resources, scaler, find(SET))).toBe(true);
  });

  it.each([
    ["a template", { model: undefined, template: { spec: { containers: [] } } }],
    ["transformers", { runtime: "transformers" as const }],
  ])("has no autoscaler for %s, which says nothing of waiting requests", async (_, args) => {
    const inferenceSet = { autoscaling: { maxReplicas: 2, scaler: "custom-metrics" as const } };
    await expect(run({ ...args, inferenceSet })).rejects.toThrow(
      /^inferenceSet.autoscaling: goes by metrics of vLLM/,
    );
  });

  it("waits longer for a very large model, and as long as it is told to", async () => {
    const large = { ...nodes, vmSize: "Standard_ND96isr_H200_v5" };
    const { find } = await run({ model: "deepseek-v3-0324", nodes: large });
    expect(find(WORKSPACE).customTimeouts?.create).toBe("90m");
    expect((await run({ readyTimeoutMinutes: 5 })).find(WORKSPACE).customTimeouts?.create).toBe("5m");
  });

  it("has no nodes but an InferenceSet when it is scaled to zero", async () => {
    const { find } = await run({ nodes: { ...nodes, minCount: 0 }, inferenceSet: { replicas: 0 } });
    expect(find(SET).inputs.spec.replicas).toBe(0);
  });

  it.each<[string, object, string | RegExp]>([
    ["no model", { model: undefined }, 'model: is missing; set it, for example "phi-4-mini-instruct"'],
    ["model and template", { template }, "template: can't be given together with model"],
    [
      "an unknown preset",
      { model: "phi-5" },
      /^model: "phi-5" is no preset of KAITO; the nearest are "phi-4"/,
    ],
    [
      "a gated model without a token",
      { model: "llama-3.1-8b-instruct" },
      /^accessToken: is missing; Hugging Face/,
    ],
    [
      "two tokens",
      { accessToken: "a", accessTokenSecret: "b" },
      /^accessTokenSecret: can't be given together/,
    ],
    [
      "a config for a template",
      { model: undefined, template, config: {} },
      /^config: has no effect on a template/,
    ],
    [
      "a token for a template",
      { model: undefined, template, accessToken: "a" },
      /^accessToken: has no effect/,
    ],
    ["another name for a model", { servedModelName: "x" }, /^servedModelName: is KAITO's to choose/],
    [
      "the other runtime for a new model",
      { runtime: "transformers" },
      /^runtime: KAITO serves phi-4-mini-instruct/,
    ],
    [
      "vLLM's config for the other",
      { model: "phi-4", runtime: "transformers", config: {} },
      /^config: is read by/,
    ],
    [
      "vLLM's mode for the other",
      { model: "phi-4", runtime: "transformers", performanceMode: "throughput" },
      /^performanceMode: is vLLM's/,
    ],
    ["an image family for a pool", { nodeImageFamily: "ubuntu" }, /^nodeImageFamily: needs nodes.provision/],
    ["no nodes", { nodes: { ...nodes, minCount: 0 } }, /^nodes.minCount: is 0, and KAITO refuses/],
    [
      "T4",
      { nodes: { ...nodes, vmSize: "Standard_NC4as_T4_v3" } },
      /^nodes.vmSize: Standard_NC4as_T4_v3 has T4/,
    ],
    [
      "too small a GPU",
      {
        model: "llama-3.3-70b-instruct",
        accessToken: "t",
        nodes: { ...nodes, vmSize: "Standard_NV36ads_A10_v5" },
      },
      /^nodes.vmSize: Standard_NV36ads_A10_v5 is too small .* is Standard_NC80adis_H100_v5/,
    ],
    ["a name that is too long", { name: "a".repeat(53) }, /has 53 characters; it must have 52 at most$/],
    ["a set's", { name: "a".repeat(47), inferenceSet: {} }, /has 47 characters; it must have 46 at most$/],
    ["a bad name", { name: "Phi" }, /^name: "Phi" is not allowed/],
    ["no time", { readyTimeoutMinutes: 0 }, /^readyTimeoutMinutes: 0 is not allowed/],
    [
      "a public address",
      { enableLoadBalancer: true },
      /^enableLoadBalancer: isn't offered: .* public address/,
    ],
    ["a field that moved", { instanceType: "x" }, /^instanceType: is nodes.vmSize/],
    [
      "an adapter with a strength that vLLM doesn't know",
      { adapters: [{ name: "a", image: "r.io/a:1", strength: 0.5 }] },
      /^adapters\[0\].strength: works with the runtime "transformers" only/,
    ],
    ["a misspelling", { modle: "x" }, /^modle: is no argument of KaitoWorkspace/],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });

  it.each<[string, Given]>([
    [
      "defaults that are written out, with a template",
      { model: undefined, template, runtime: "vllm", benchmark: false },
    ],
    [
      "no adapters, with a template",
      { model: undefined, template, adapters: [], performanceMode: "balanced" },
    ],
    [
      "the balanced mode for the other runtime",
      { model: "phi-4", runtime: "transformers", performanceMode: "balanced" },
    ],
  ])("takes %s", async (_, args) => {
    const { find } = await run(args);
    expect(find(WORKSPACE).inputs.metadata.annotations).not.toHaveProperty("kaito.sh/performance-mode");
  });

  it("skips the estimate for models that KAITO doesn't know the size of, and when told to", async () => {
    const small = { ...nodes, vmSize: "Standard_NV36ads_A10_v5" };
    const { find } = await run({ nodes: small, model: "org/huge-model" });
    expect(find(WORKSPACE).inputs.inference.preset.name).toBe("org/huge-model");
    await run({ nodes: small, model: "deepseek-v3-0324", fitCheck: false });
  });

  it("takes a size that is an Output when it fits", async () => {
    const { find } = await run({ nodes: { ...nodes, vmSize: pulumi.output(nodes.vmSize) } });
    expect(find(WORKSPACE).inputs.resource.labelSelector.matchLabels).toEqual(nodes.matchLabels);
  });
});
