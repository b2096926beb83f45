import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { KaitoTuningJob, type KaitoTuningJobArgs } from "../../../components/kaitoTuningJob.ts";
import { adapterSpecs } from "../../../components/kaitoWorkspace/adapters.ts";
import { needs, resolved, runWithMocks, UNKNOWN } from "../../support/mocks.ts";

const WORKSPACE = "kubernetes:kaito.sh/v1alpha1:Workspace";
const PROVISIONED = "kubernetes:kaito.sh/v1beta1:Workspace";
const COMPLETION = "pulumi-nodejs:dynamic/mcpaas:TuningCompletion";
const SELECTION = "pulumi-nodejs:dynamic/mcpaas:VmSkuSelection";
const CONFIG = "kubernetes:core/v1:ConfigMap";
const SECRET = "kubernetes:core/v1:Secret";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const A100 = "Standard_NC24ads_A100_v4";
const A10 = "Standard_NV36ads_A10_v5";
const URL = "https://example.com/data/train.parquet";
const IMAGE = "example.azurecr.io/adapters/support:0.1.0";
const PUSHED = `example.azurecr.io/adapters/support@sha256:${"ab".repeat(32)}`;
const credentials = { server: "example.azurecr.io", username: "push", password: "sesame" };

const ARGS: KaitoTuningJobArgs = {
  namespace: "models",
  preset: "phi-4-mini-instruct",
  method: "qlora",
  input: { urls: [URL] },
  output: { image: { name: IMAGE, pushSecret: "acr" } },
  nodes: { matchLabels: { "mcpaas.dev/pool": "gpu" }, vmSize: A100, minCount: 1 },
  kubeconfig: "kind: Config",
};

const answers = {
  outputs: {
    [WORKSPACE]: (inputs: { metadata: object }) => ({ metadata: { ...inputs.metadata, uid: "uid-1" } }),
    [PROVISIONED]: (inputs: { metadata: object }) => ({ metadata: { ...inputs.metadata, uid: "uid-1" } }),
    [COMPLETION]: ({ image }: { image?: string }) => ({
      adapterImage: image && PUSHED,
      completedAt: "2026-11-23T06:00:00Z",
    }),
    [SELECTION]: () => ({ vmSizes: { tuning: A100 } }),
  },
  knownInPreview: [SELECTION],
};

const run = (args: Partial<KaitoTuningJobArgs> & object = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(() => new KaitoTuningJob("tune", { ...ARGS, ...args }), answers, options);

describe.each([{ preview: false }, { preview: true }])("KaitoTuningJob, preview: $preview", ({ preview }) => {
  it("makes a Workspace that KAITO makes a Job of, on nodes that are there", async () => {
    const { find } = await run({}, { preview });
    const { inputs, ...workspace } = find(WORKSPACE);
    expect(inputs).toEqual({
      // Only this version lets a Workspace for such nodes say their size, without which there is no Job.
      apiVersion: "kaito.sh/v1alpha1",
      kind: "Workspace",
      metadata: {
        name: "tune",
        namespace: "models",
        annotations: {
          "pulumi.com/skipAwait": "true",
          "mcpaas.dev/node-labels": '[["mcpaas.dev/pool","gpu"]]',
        },
      },
      resource: { instanceType: A100, labelSelector: { matchLabels: { "mcpaas.dev/pool": "gpu" } } },
      tuning: {
        preset: { name: "phi-4-mini-instruct" },
        method: "qlora",
        // KAITO's webhook judges previews too, and would miss the ConfigMap: nothing is sent while this is unknown.
        config: preview ? UNKNOWN : find(CONFIG).inputs.metadata.name,
        input: { urls: [URL] },
        output: { image: IMAGE, imagePushSecret: "acr" },
      },
    });
    expect(workspace).toMatchObject({
      replaceOnChanges: ["apiVersion", "metadata.annotations", "resource", "tuning"],
      // A pool that gets another size is no reason to train anew; one with other labels is, by the annotation.
      ignoreChanges: ["resource"],
      deleteBeforeReplace: true,
      customTimeouts: { delete: "20m" },
    });
  });

  it("has the training config in a ConfigMap that is named after its content", async () => {
    const { find } = await run({ config: { LoraConfig: { r: 16 } } }, { preview });
    const { metadata, data, immutable } = find(CONFIG).inputs;
    expect(metadata).toEqual({
      name: expect.stringMatching(/^tune-training-[a-z0-9]{8}$/),
      namespace: "models",
    });
    expect(immutable).toBe(true);
    expect(parse(data["training_config.yaml"]).training_config.LoraConfig).toMatchObject({
      r: 16,
      target_modules: ["qkv_proj", "o_proj"],
    });
    const other = (await run({ config: { LoraConfig: { r: 32 } } }, { preview })).find(CONFIG);
    expect(other.inputs.metadata.name).not.toBe(metadata.name);
  });

  it("makes policy, config and Secret before the Workspace, and waits after it", async () => {
    const { find, resources } = await run({ output: { image: { name: IMAGE, credentials } } }, { preview });
    const workspace = find(WORKSPACE);
    for (const before of [find(POLICY), find(CONFIG), find(SECRET)]) {
      expect(needs(resources, workspace, before)).toBe(true);
    }
    expect(needs(resources, find(COMPLETION), workspace)).toBe(true);
  });

  it("keeps the registry's password and the kubeconfig secret", async () => {
    const { find } = await run({ output: { image: { name: IMAGE, credentials } } }, { preview });
    const secret = find(SECRET);
    expect(secret.inputs).toMatchObject({
      metadata: { name: "tune-push", namespace: "models" },
      type: "kubernetes.io/dockerconfigjson",
    });
    expect(
      JSON.parse(secret.inputs.stringData[".dockerconfigjson"]).auths["example.azurecr.io"].password,
    ).toBe("sesame");
    expect(secret.secretInputs).toContain("stringData");
    expect(find(WORKSPACE).inputs.tuning.output).toEqual({ image: IMAGE, imagePushSecret: "tune-push" });
    expect(find(COMPLETION).secretInputs).toContain("kubeconfig");
    expect(find(COMPLETION).inputs.kubeconfig).toBe("kind: Config");
  });

  it("lets nobody in to its pods, and them out to the internet on port 443", async () => {
    const { find, result } = await run({}, { preview });
    expect(find(POLICY).inputs).toMatchObject({
      metadata: { name: "kaito-tune", namespace: "models" },
      spec: {
        podSelector: { matchLabels: { "kaito.sh/workspace": "tune" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ protocol: "TCP", port: 443 }] }],
      },
    });
    expect(result.podLabels).toEqual({ "kaito.sh/workspace": "tune" });
  });

  it.each<[string, (url: string) => pulumi.Input<string>]>([
    ["plain", (url) => url],
    ["known later", (url) => pulumi.output(url)],
  ])("lets its pods out to the ports that %s URLs have", async (_, given) => {
    const urls = [
      "http://a.com/1.csv",
      "https://b.com:8443/2.csv",
      "http://c.com/3.csv",
      "https://[2603::7]/4.csv",
    ];
    const input = { urls: urls.map(given) };
    const config = { DatasetConfig: { dataset_path: "data/*.csv" } };
    const { find, resources } = await run({ input, config }, { preview });
    const policy = find(POLICY, "tune-input");
    expect(policy.inputs).toMatchObject({
      metadata: { name: "kaito-tune.input", namespace: "models" },
      spec: {
        podSelector: { matchLabels: { "kaito.sh/workspace": "tune" } },
        policyTypes: ["Egress"],
        egress: [
          {
            to: [{ ipBlock: { cidr: "0.0.0.0/0", except: expect.arrayContaining(["10.0.0.0/8"]) } }],
            ports: [
              { protocol: "TCP", port: 80 },
              { protocol: "TCP", port: 8443 },
            ],
          },
          { to: [{ ipBlock: { cidr: "2603::7/128" } }], ports: [{ protocol: "TCP", port: 443 }] },
        ],
      },
    });
    expect(needs(resources, find(WORKSPACE), policy)).toBe(true);
  });

  it("opens nothing beside the egress that it is given", async () => {
    const egress = [{ cidr: "10.1.0.0/16", ports: [9000] }];
    const input = { urls: ["http://10.1.2.3:9000/1.csv"] };
    const { find, resources } = await run({ input, egress }, { preview });
    expect(resources.filter(({ type }) => type === POLICY)).toHaveLength(1);
    expect(find(POLICY).inputs.spec.egress).toEqual([
      { to: [{ ipBlock: { cidr: "10.1.0.0/16" } }], ports: [{ protocol: "TCP", port: 9000 }] },
    ]);
  });

  it("lets KAITO make the node when told so", async () => {
    const nodes = { matchLabels: { apps: "tune" }, vmSize: A100, provision: true };
    const { find } = await run({ nodes }, { preview });
    expect(find(PROVISIONED)).toMatchObject({
      replaceOnChanges: ["apiVersion", "metadata.annotations", "resource", "tuning"],
      ignoreChanges: [],
    });
    expect(find(PROVISIONED).inputs).toMatchObject({
      apiVersion: "kaito.sh/v1beta1",
      resource: { instanceType: A100, labelSelector: { matchLabels: { apps: "tune" } } },
    });
  });

  it("has the size of KAITO's node chosen by the quota", async () => {
    const { find, resources } = await run(
      {
        nodes: { matchLabels: { apps: "tune" }, provision: true },
        quota: { subscriptionId: "s", location: "eastus", otherLocations: ["westus3"] },
      },
      { preview },
    );
    expect(find(SELECTION).inputs).toMatchObject({
      subscriptionId: "s",
      location: "eastus",
      otherLocations: ["westus3"],
      pools: { tuning: { gpus: 1, minGpuMemoryGiB: 72, maxCount: 1, maxSurge: 0 } },
    });
    const { preferredSkus } = find(SELECTION).inputs.pools.tuning;
    expect(preferredSkus[0]).toBe(A100);
    expect(preferredSkus).not.toContain("Standard_ND96asr_A100_v4");
    expect(find(PROVISIONED).inputs.resource.instanceType).toBe(A100);
    expect(needs(resources, find(PROVISIONED), find(SELECTION))).toBe(true);
  });
});

describe("the adapter", () => {
  it("is the image that was pushed, with the Secret to pull it", async () => {
    const { result } = await run();
    expect(await resolved(result.adapter)).toEqual({
      name: "tune",
      image: PUSHED,
      imagePullSecrets: ["acr"],
    });
  });

  it.each<[string, object]>([
    ["an existing Secret", { pushSecret: "acr" }],
    ["a Secret of its own", { credentials }],
  ])("is pulled with another Secret than %s, when told so", async (_, push) => {
    const image = { name: IMAGE, ...push, pullSecret: pulumi.output("pull-only") };
    const { result, find } = await run({ output: { image } });
    expect((await resolved(result.adapter)).imagePullSecrets).toEqual(["pull-only"]);
    expect(find(WORKSPACE).inputs.tuning.output.imagePushSecret).not.toBe("pull-only");
  });

  it("has a name that a KaitoWorkspace takes", async () => {
    const name = "a".repeat(31);
    const adapter = await resolved((await run({ name })).result.adapter);
    expect(adapterSpecs([adapter], "vllm")).toMatchObject([{ source: { name } }]);
  });

  it("may have any name on a volume, where it is a file like others", async () => {
    const name = "a".repeat(32);
    const { result } = await run({ name, output: { volume: { claimName: "adapters" } } });
    expect((await resolved(result.adapter)).name).toBe(name);
  });

  it("is the volume", async () => {
    const { result, find, resources } = await run({ output: { volume: { claimName: "adapters" } } });
    expect(await resolved(result.adapter)).toEqual({
      name: "tune",
      volume: { persistentVolumeClaim: { claimName: "adapters" } },
    });
    expect(find(WORKSPACE).inputs.tuning.output).toEqual({
      volumeSource: { persistentVolumeClaim: { claimName: "adapters" } },
    });
    expect(find(COMPLETION).inputs).not.toHaveProperty("image");
    expect(resources.map(({ type }) => type)).not.toContain(SECRET);
  });

  it.each<[string, KaitoTuningJobArgs["output"]]>([
    ["an image", ARGS.output],
    ["a volume", { volume: { claimName: "adapters" } }],
  ])("is not known before the job has ended: %s", async (_, output) => {
    const { result } = await run({ output }, { preview: true });
    const { isKnown } = result.adapter as unknown as { isKnown: Promise<boolean> };
    expect(await isKnown).toBe(false);
  });
});

describe("KaitoTuningJob", () => {
  it("waits for this Workspace, as long as it is told", async () => {
    const { find } = await run({ maxDurationMinutes: 90, name: "support" });
    expect(find(COMPLETION).inputs).toMatchObject({
      apiVersion: "kaito.sh/v1alpha1",
      namespace: "models",
      name: "support",
      uid: "uid-1",
      image: IMAGE,
      maxDurationMinutes: 90,
    });
    expect((await run()).find(COMPLETION).inputs.maxDurationMinutes).toBe(480);
  });

  it("leaves KAITO's template to a model that it is enough for", async () => {
    const { find, resources } = await run({ preset: "microsoft/Phi-3-mini-128k-instruct" });
    expect(resources.map(({ type }) => type)).not.toContain(CONFIG);
    expect(find(WORKSPACE).inputs.tuning).not.toHaveProperty("config");
    expect(find(WORKSPACE).inputs.tuning.preset).toEqual({ name: "phi-3-mini-128k-instruct" });
  });

  it("takes what is known later", async () => {
    const vmSize = pulumi.output(A100);
    const { find } = await run({
      namespace: pulumi.output("models"),
      nodes: { ...ARGS.nodes, vmSize },
      input: { urls: [pulumi.output(URL)] },
    });
    expect(find(WORKSPACE).inputs.resource.instanceType).toBe(A100);
    expect(find(WORKSPACE).inputs.tuning.input).toEqual({ urls: [URL] });
  });

  it("takes a GPU with less memory from those who know that it is enough", async () => {
    const nodes = { ...ARGS.nodes, vmSize: A10 };
    expect((await run({ nodes, gpuMemoryGiB: 16 })).find(WORKSPACE).inputs.resource.instanceType).toBe(A10);
  });

  const pool = ARGS.nodes;
  const quota = { subscriptionId: "s", location: "eastus" };
  it.each<[string, object, RegExp]>([
    ["a bad name", { name: "Tune" }, /^name: "Tune" is not allowed/],
    [
      "a name that no model takes an adapter by",
      { name: "a".repeat(32) },
      /^name: "a{32}" has 32 characters; with output.image it must have 31 at most, because the adapter is called so/,
    ],
    [
      "an unknown preset",
      { preset: "falcon-7b" },
      /^preset: "falcon-7b" can't be tuned: .* must be one of phi-4,/,
    ],
    ["another method", { method: "full" }, /^method: "full" is not allowed; it must be lora or qlora/],
    ["no data", { input: undefined }, /^input: must have exactly one of urls, image and volume/],
    ["no output", { output: undefined }, /^output: is missing, .*; set output.image to push an image/],
    ["no kubeconfig", { kubeconfig: undefined }, /^kubeconfig: is missing/],
    ["no time", { maxDurationMinutes: 0 }, /^maxDurationMinutes: 0 is not allowed/],
    ["no nodes", { nodes: undefined }, /^nodes: is missing/],
    ["a pool of no nodes", { nodes: { ...pool, minCount: 0 } }, /^nodes.minCount: is 0/],
    [
      "a pool of unknown size",
      { nodes: { ...pool, vmSize: undefined } },
      /^nodes.vmSize: is missing; KAITO 0.11.0/,
    ],
    ["a T4", { nodes: { ...pool, vmSize: "Standard_NC4as_T4_v3" } }, /^nodes.vmSize: .* has T4 GPUs/],
    [
      "too small a GPU",
      { nodes: { ...pool, vmSize: A10 } },
      /^nodes.vmSize: Standard_NV36ads_A10_v5 has 24 GiB of memory on a GPU, and tuning phi-4-mini-instruct needs 72 GiB on each, by KAITO's figures; the cheapest size that will do is Standard_NC24ads_A100_v4/,
    ],
    [
      "many small GPUs, each of which would need the whole model",
      { nodes: { ...pool, vmSize: "Standard_ND96asr_A100_v4" } },
      /has 40 GiB of memory on a GPU/,
    ],
    ["more memory than there is", { gpuMemoryGiB: 500 }, /; no size has that much/],
    ["memory in words", { gpuMemoryGiB: "16" }, /^gpuMemoryGiB: 16 is not allowed/],
    ["a quota for a pool", { quota }, /^quota: goes with nodes.provision only/],
    [
      "a layer of another model",
      { config: { LoraConfig: { target_modules: ["q_proj"] } } },
      /^config.LoraConfig.target_modules\[0\]: "q_proj" is no layer of phi-4-mini-instruct/,
    ],
    ["an egress to the node's identity", { egress: [{ cidr: "169.254.169.254/32" }] }, /^egress\[0\].cidr: /],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
