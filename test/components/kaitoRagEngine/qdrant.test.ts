import { describe, expect, it } from "vitest";
import { KaitoRagEngine, type RagQdrant } from "../../../components/kaitoRagEngine.ts";
import { needs, runWithMocks } from "../../support/mocks.ts";

const ENGINE = "kubernetes:kaito.sh/v1beta1:RAGEngine";
const SET = "kubernetes:apps/v1:StatefulSet";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const SECRET = "kubernetes:core/v1:Secret";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const KEY = "pulumi-nodejs:dynamic/mcpaas:GeneratedKey";

const run = (qdrant: RagQdrant, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => new KaitoRagEngine("rag", { namespace: "models", qdrant }),
    { outputs: { [KEY]: () => ({ value: "generated" }) } },
    options,
  );

describe.each([{ preview: false }, { preview: true }])(
  "Qdrant of a RAG engine, preview: $preview",
  ({ preview }) => {
    it("is there, closed, before the RAG engine, which is told where", async () => {
      const { find, resources } = await run({ deploy: true }, { preview });
      const engine = find(ENGINE);
      expect(engine.inputs.spec.storage).toEqual({
        vectorDB: {
          engine: "qdrant",
          url: "http://rag-qdrant.models.svc.cluster.local:6333",
          accessSecret: "rag-qdrant",
        },
      });
      const set = find(SET);
      expect(needs(resources, engine, set)).toBe(true);
      expect(needs(resources, set, find(POLICY, "rag-qdrant-network"))).toBe(true);
      expect(needs(resources, set, find(CLAIM))).toBe(true);
      expect(needs(resources, set, find(SECRET))).toBe(true);
    });
  },
);

describe("Qdrant of a RAG engine", () => {
  it("has a key that only Secret and state know, under the name that both sides read", async () => {
    const { find } = await run({ deploy: true });
    const secret = find(SECRET);
    expect(secret.inputs).toMatchObject({
      metadata: { name: "rag-qdrant" },
      stringData: { VECTOR_DB_ACCESS_SECRET: "generated" },
    });
    expect(secret.secretInputs.join()).toMatch(/stringData/);
    expect(find(SET).inputs.spec.template.spec.containers[0].env[0]).toEqual({
      name: "QDRANT__SERVICE__API_KEY",
      valueFrom: { secretKeyRef: { name: "rag-qdrant", key: "VECTOR_DB_ACCESS_SECRET" } },
    });
  });

  it("meets the restricted pod security standard, and writes into its volumes only", async () => {
    const { spec } = (await run({ deploy: true })).find(SET).inputs.spec.template;
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    });
    const [container] = spec.containers;
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    const written = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
    expect(written).toEqual(["/qdrant/storage", "/qdrant/snapshots", "/qdrant/init"]);
    const initFile = container.env.find(({ name }: { name: string }) => name === "QDRANT_INIT_FILE_PATH");
    expect(initFile.value).toMatch(/^\/qdrant\/init\//);
  });

  it("is one pinned pod with requests, a memory limit, probes and a disk", async () => {
    const { find } = await run({ deploy: true });
    const { spec, metadata } = find(SET).inputs;
    expect(spec.replicas).toBe(1);
    expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    expect(spec.serviceName).toBe(metadata.name);
    const [container] = spec.template.spec.containers;
    expect(container).toMatchObject({
      image: "docker.io/qdrant/qdrant:v1.15.2",
      resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "4Gi" } },
      readinessProbe: { httpGet: { path: "/readyz" } },
      livenessProbe: { httpGet: { path: "/livez" } },
    });
    expect(find(CLAIM).inputs.spec).toEqual({
      accessModes: ["ReadWriteOnce"],
      storageClassName: "managed-csi",
      resources: { requests: { storage: "10Gi" } },
    });
    const data = { name: "data", persistentVolumeClaim: { claimName: "rag-qdrant-managed-csi" } };
    expect(spec.template.spec.volumes).toContainEqual(data);
    expect(find(CLAIM).inputs.metadata.name).toBe("rag-qdrant-managed-csi");
  });

  it("can have another disk, image, nodes and resources", async () => {
    const nodeSelector = { pool: "cpu" };
    const resources = { requests: { cpu: "1", memory: "2Gi" }, limits: { memory: "8Gi" } };
    const image = "mcpaas.azurecr.io/qdrant:v1.15.2";
    const { find, resources: all } = await run({
      deploy: true,
      existingClaim: "mine",
      image,
      nodeSelector,
      resources,
    });
    const { spec } = find(SET).inputs.spec.template;
    expect(spec).toMatchObject({ nodeSelector, containers: [{ image, resources }] });
    expect(spec.volumes[0].persistentVolumeClaim.claimName).toBe("mine");
    expect(all.filter(({ type }) => type === CLAIM)).toEqual([]);
  });

  it("can be one that exists", async () => {
    const { find, resources } = await run({ url: "https://x.cloud.qdrant.io", accessSecret: "qdrant" });
    expect(find(ENGINE).inputs.spec.storage.vectorDB).toEqual({
      engine: "qdrant",
      url: "https://x.cloud.qdrant.io",
      accessSecret: "qdrant",
    });
    expect(resources.filter(({ type }) => [SET, CLAIM, SECRET, KEY].includes(type))).toEqual([]);
  });

  it.each<[string, RagQdrant, RegExp]>([
    ["neither", {}, /^qdrant: must have one of deploy: true and url$/],
    ["both", { deploy: true, url: "http://q" }, /^qdrant: must have only one of deploy: true and url$/],
    ["a size for another's", { url: "http://q", size: "1Gi" }, /^qdrant.size: has no effect with url$/],
    [
      "a key for its own",
      { deploy: true, accessSecret: "a" },
      /^qdrant.accessSecret: has no effect with deploy/,
    ],
    ["no URL", { url: "q:6333" }, /^qdrant.url: "q:6333" is not allowed/],
    ["a key in plain text", { url: "http://q", accessSecret: "ABC" }, /^qdrant.accessSecret: is no name of/],
    ["an empty key", { url: "http://q", accessSecret: "" }, /^qdrant.accessSecret: is no name of/],
    ["no version", { deploy: true, image: "qdrant/qdrant" }, /^qdrant.image: .* a tag other than latest/],
    ["a size in words", { deploy: true, size: "large" }, /^qdrant.size: "large" is not allowed/],
    ["a class in words", { deploy: true, storageClass: "A b" }, /^qdrant.storageClass: "A b" is not allowed/],
    [
      "a size for an existing claim",
      { deploy: true, existingClaim: "a", size: "1Gi" },
      /^qdrant.size: has no effect on existingClaim; leave one of both out$/,
    ],
  ])("refuses %s", async (_, qdrant, message) => {
    await expect(run(qdrant)).rejects.toThrow(message);
  });
});
