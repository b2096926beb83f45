import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { KaitoRagEngine, type KaitoRagEngineArgs } from "../../../components/kaitoRagEngine.ts";
import { needs, resolved, runWithMocks } from "../../support/mocks.ts";

const ENGINE = "kubernetes:kaito.sh/v1beta1:RAGEngine";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const CONFIG = "kubernetes:core/v1:ConfigMap";
const PATCH = "kubernetes:apps/v1:DeploymentPatch";

const run = (args: Partial<KaitoRagEngineArgs> & object = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(() => new KaitoRagEngine("rag", { namespace: "models", ...args }), {}, options);
const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "2Gi" } };

describe.each([{ preview: false }, { preview: true }])("KaitoRagEngine, preview: $preview", ({ preview }) => {
  it("retrieves on CPUs, in memory, by default, and waits until it answers", async () => {
    const { find, resources: all } = await run({}, { preview });
    const engine = find(ENGINE);
    expect(engine.inputs).toEqual({
      apiVersion: "kaito.sh/v1beta1",
      kind: "RAGEngine",
      metadata: {
        name: "rag",
        namespace: "models",
        annotations: { "pulumi.com/waitFor": "condition=RAGEngineSucceeded" },
      },
      spec: { embedding: { local: { modelID: "BAAI/bge-small-en-v1.5" } } },
    });
    expect(engine.customTimeouts).toEqual({ create: "30m", update: "30m", delete: "10m" });
    const made = all.map(({ type }) => type).filter((type) => type.startsWith("kubernetes:"));
    expect([...new Set(made)].sort()).toEqual([ENGINE, POLICY].sort());
  });

  it("tells its URL in advance, and what it waited for", async () => {
    const { result } = await run({ name: "docs" }, { preview });
    expect(await resolved(result.url)).toBe("http://docs.models.svc.cluster.local");
    expect(await resolved(result.name)).toBe("docs");
    expect(await resolved(result.namespace)).toBe("models");
    expect(await resolved(result.waitedFor)).toBe("condition=RAGEngineSucceeded");
    expect(result.podLabels).toEqual({ "kaito.sh/ragengine": "docs" });
  });

  it("is closed before it starts, also to and from the services it calls", async () => {
    const inference = { url: "http://phi/v1/chat/completions", contextWindowSize: 4000 };
    const { find, resources: all } = await run({ inference }, { preview });
    for (const policy of ["rag-network", "rag-services"]) {
      expect(needs(all, find(ENGINE), find(POLICY, policy))).toBe(true);
      expect(find(POLICY, policy).inputs.spec.podSelector.matchLabels).toEqual({
        "kaito.sh/ragengine": "rag",
      });
    }
    expect(find(ENGINE).inputs.spec.inferenceService).toEqual(inference);
  });

  it("has its disk and its policy before it starts", async () => {
    const policy = { scanners: [{ type: "secrets" as const }] };
    const { find, resources: all } = await run(
      { volume: { size: "50Gi" }, guardrails: { policy } },
      { preview },
    );
    const { spec } = find(ENGINE).inputs;
    expect(spec.storage).toEqual({ persistentVolume: { persistentVolumeClaim: "rag-indexes-managed-csi" } });
    expect(find(CLAIM).inputs).toMatchObject({
      metadata: { name: "rag-indexes-managed-csi", namespace: "models" },
      spec: { storageClassName: "managed-csi", resources: { requests: { storage: "50Gi" } } },
    });
    expect(spec.guardrails).toEqual({ enabled: true, configMapRef: { name: "rag-guardrails" } });
    expect(find(CONFIG).inputs.metadata.name).toBe("rag-guardrails");
    expect(needs(all, find(ENGINE), find(CLAIM))).toBe(true);
    expect(needs(all, find(ENGINE), find(CONFIG))).toBe(true);
  });

  it("extends KAITO's Deployment after it, and says that it is there after that", async () => {
    const {
      find,
      resources: all,
      result,
    } = await run({ nodeSelector: { pool: "cpu" }, resources }, { preview });
    const patch = find(PATCH);
    expect(needs(all, patch, find(ENGINE))).toBe(true);
    expect(patch.replaceWith).toEqual(["rag"]);
    expect(patch.inputs).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "rag", namespace: "models", annotations: { "pulumi.com/patchForce": "true" } },
      spec: {
        template: { spec: { nodeSelector: { pool: "cpu" }, containers: [{ name: "rag", resources }] } },
      },
    });
    expect(patch.customTimeouts?.create).toBe("30m");
    const dependencies = await (
      result.url as unknown as { allResources(): Promise<Set<pulumi.Resource>> }
    ).allResources();
    const urns = await Promise.all([...dependencies].map((each) => resolved(each.urn)));
    expect(urns).toContain(patch.urn);
  });
});

describe("KaitoRagEngine", () => {
  it("replaces whatever KAITO wouldn't carry over, the old one first", async () => {
    const engine = (await run()).find(ENGINE);
    expect(engine.replaceOnChanges).toEqual(["spec"]);
    expect(engine.deleteBeforeReplace).toBe(true);
  });

  it("tells the service of another model", async () => {
    const { find, resources: all } = await run({ embedding: { local: { modelId: "BAAI/bge-m3" } } });
    expect(find(CONFIG).inputs).toMatchObject({
      metadata: { name: "rag-embedding", namespace: "models" },
      data: { LOCAL_EMBEDDING_MODEL_ID: "BAAI/bge-m3" },
    });
    const patch = find(PATCH);
    expect(patch.inputs.spec.template.spec.containers[0].envFrom).toEqual([
      { configMapRef: { name: "rag-embedding" } },
    ]);
    expect(needs(all, patch, find(CONFIG))).toBe(true);
    expect(patch.ignoreChanges).toEqual([
      "spec.template.spec.volumes",
      "spec.template.spec.containers[0].volumeMounts",
    ]);
    expect((await run({ nodeSelector: { a: "b" } })).find(PATCH).name).not.toBe(patch.name);
  });

  it("uses a claim and a policy that are there already", async () => {
    const volume = { existingClaim: pulumi.output("mine"), mountPath: "/mnt/vector-db" };
    const { find, resources: all } = await run({ volume, guardrails: { configMap: "rules" } });
    const { spec } = find(ENGINE).inputs;
    expect(spec.storage.persistentVolume).toEqual({
      persistentVolumeClaim: "mine",
      mountPath: "/mnt/vector-db",
    });
    expect(spec.guardrails.configMapRef).toEqual({ name: "rules" });
    expect(all.filter(({ type }) => [CLAIM, CONFIG].includes(type))).toEqual([]);
  });

  it("runs on the nodes that it is given", async () => {
    const nodes = { matchLabels: { pool: "gpu" }, vmSize: "Standard_NV36ads_A10_v5", minCount: 1 };
    expect((await run({ nodes })).find(ENGINE).inputs.spec.compute).toEqual({
      instanceType: "Standard_NV36ads_A10_v5",
      labelSelector: { matchLabels: { pool: "gpu" } },
    });
  });

  it("says what upstream's examples/RAG say, on GPUs that KAITO supports", async () => {
    const { find } = await run({
      nodes: {
        provision: true,
        vmSize: "Standard_NV36ads_A10_v5",
        matchLabels: { apps: "ragengine-example" },
      },
      embedding: { local: { modelId: "BAAI/bge-small-en-v1.5" } },
      volume: { size: "50Gi", mountPath: "/mnt/vector-db" },
      inference: { url: "http://phi.models.svc/v1/chat/completions", contextWindowSize: 4000 },
    });
    // kaito_ragengine_phi_3_with_pvc.yaml, v0.11.0; without `storage` it is kaito_ragengine_phi_3.yaml.
    expect(find(ENGINE).inputs.spec).toEqual({
      compute: {
        instanceType: "Standard_NV36ads_A10_v5",
        labelSelector: { matchLabels: { apps: "ragengine-example" } },
      },
      storage: {
        persistentVolume: { persistentVolumeClaim: "rag-indexes-managed-csi", mountPath: "/mnt/vector-db" },
      },
      embedding: { local: { modelID: "BAAI/bge-small-en-v1.5" } },
      inferenceService: { url: "http://phi.models.svc/v1/chat/completions", contextWindowSize: 4000 },
    });
    expect(find(CLAIM).inputs.spec).toMatchObject({
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "50Gi" } },
    });
  });

  it("answers with a model of KAITO's", async () => {
    const model = {
      url: pulumi.output("http://phi.models.svc.cluster.local/v1"),
      modelName: pulumi.output("phi-4-mini-instruct"),
      podLabels: { "kaito.sh/workspace": "phi" },
    };
    expect((await run({ inference: { model } })).find(ENGINE).inputs.spec.inferenceService).toEqual({
      url: "http://phi.models.svc.cluster.local/v1/chat/completions",
      contextWindowSize: 131072,
    });
  });

  it.each<[string, object, RegExp]>([
    [
      "a volume with Qdrant",
      { volume: {}, qdrant: { deploy: true } },
      /^volume: has no effect with qdrant, .* one$/,
    ],
    ["no embedding", { embedding: {} }, /^embedding: must have one of local and remote/],
    ["a bad name", { name: "Rag" }, /^name: "Rag" is not allowed/],
    ["a long name", { name: "r".repeat(51) }, /^name: r+ is longer than 50 characters$/],
    ["no time", { readyTimeoutMinutes: 0 }, /^readyTimeoutMinutes: 0 is not allowed/],
    ["a size in words", { volume: { size: "big" } }, /^volume.size: "big" is not allowed/],
    ["a path that isn't one", { volume: { mountPath: "mnt" } }, /^volume.mountPath: "mnt" is not allowed/],
    [
      "a path over the program",
      { volume: { mountPath: "/app/x" } },
      /^volume.mountPath: \/app\/x would hide/,
    ],
    [
      "no memory limit",
      { resources: { requests: { cpu: "1", memory: "1Gi" } } },
      /^resources.limits.memory: is/,
    ],
    ["a forbidden address", { egress: [{ cidr: "169.254.169.254/32" }] }, /^egress\[0\].cidr: .* metadata/],
    ["replicas", { replicas: 2 }, /^replicas: KAITO runs one pod, because the indexes are in its memory/],
    ["upstream's name", { storage: {} }, /^storage: give volume or qdrant/],
    ["a misspelling", { volumes: {} }, /^volumes: is no argument of KaitoRagEngine$/],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
    await expect(run(args, { preview: true })).rejects.toThrow(message);
  });
});
