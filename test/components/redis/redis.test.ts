import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Redis, type RedisArgs } from "../../../components/redis.ts";
import { needs, resolved, runWithMocks } from "../../support/mocks.ts";

const SET = "kubernetes:apps/v1:StatefulSet";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const SECRET = "kubernetes:core/v1:Secret";
const SERVICE = "kubernetes:core/v1:Service";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const KEY = "pulumi-nodejs:dynamic/mcpaas:GeneratedKey";

const run = (args: Partial<RedisArgs> = {}, options: { preview?: boolean; password?: string } = {}) =>
  runWithMocks(
    () => new Redis("cache", { namespace: "chat", clients: [{ podLabels: { app: "chat" } }], ...args }),
    { outputs: { [KEY]: () => ({ value: options.password ?? "generated" }) } },
    { preview: options.preview ?? false },
  );

describe.each([{ preview: false }, { preview: true }])("Redis, preview: $preview", ({ preview }) => {
  it("has its policy, Secret and disk before its pod", async () => {
    const { find, resources } = await run({}, { preview });
    const set = find(SET);
    for (const earlier of [find(POLICY, "cache-network"), find(SECRET), find(SERVICE), find(CLAIM)]) {
      expect(needs(resources, set, earlier)).toBe(true);
    }
  });
});

describe("Redis", () => {
  it("tells its URL as a secret, its Service and its pods", async () => {
    const { result, find } = await run();
    expect(await resolved(result.url)).toBe("redis://:generated@cache.chat.svc.cluster.local:6379/0");
    expect(await pulumi.isSecret(result.url)).toBe(true);
    expect(await resolved(result.service)).toEqual({ name: "cache", port: 6379 });
    const labels = { "app.kubernetes.io/name": "redis", "app.kubernetes.io/instance": "cache" };
    expect(result.target).toEqual({ namespace: "chat", podLabels: labels, port: 6379 });
    expect(find(SERVICE).inputs.spec.selector).toEqual(labels);
    expect(find(SET).inputs.spec.template.metadata.labels).toEqual(labels);
  });

  it("has its password in the Secret alone", async () => {
    const { find, resources } = await run();
    expect(find(SECRET).inputs.stringData.password).toBe("generated");
    expect(find(SECRET).inputs.stringData["valkey.conf"]).toContain("user default on >generated ");
    expect(find(SECRET).secretInputs.join()).toMatch(/stringData/);
    const others = resources.filter(({ type }) => type !== SECRET && type !== KEY);
    expect(JSON.stringify(others.map(({ inputs }) => inputs))).not.toContain("generated");
  });

  it("starts another pod for another password or memory", async () => {
    const hash = async (...args: Parameters<typeof run>) =>
      (await run(...args)).find(SET).inputs.spec.template.metadata.annotations["mcpaas.dev/settings"];
    const hashes = [await hash(), await hash({}, { password: "another" }), await hash({ maxMemoryMiB: 64 })];
    expect(new Set(hashes).size).toBe(3);
    expect(await hash()).toBe(hashes[0]);
  });

  it("is one pinned pod that meets the restricted pod security standard", async () => {
    const { find } = await run();
    const { replicas, template } = find(SET).inputs.spec;
    expect(replicas).toBe(1);
    expect(template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          image: "docker.io/valkey/valkey:9.1.1",
          resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    });
    expect(find(CLAIM)).toMatchObject({
      retainOnDelete: true,
      inputs: {
        metadata: { name: "cache-managed-csi" },
        spec: { resources: { requests: { storage: "1Gi" } } },
      },
    });
  });

  it("can have another image, user, nodes, resources and disk", async () => {
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "2Gi" } };
    const image = "mcpaas.azurecr.io/valkey:9.1.1";
    const nodeSelector = { pool: "cpu" };
    const args = { resources, image, nodeSelector, runAsUser: 1000, existingClaim: "mine" };
    const { find, resources: all } = await run(args);
    const { spec } = find(SET).inputs.spec.template;
    expect(spec).toMatchObject({
      nodeSelector,
      securityContext: { runAsUser: 1000 },
      containers: [{ image, resources }],
    });
    expect(spec.volumes[0].persistentVolumeClaim.claimName).toBe("mine");
    expect(all.filter(({ type }) => type === CLAIM)).toEqual([]);
  });

  it.each<[string, Partial<RedisArgs>, RegExp]>([
    ["a name with a dot", { name: "a.b" }, /^name: "a.b" is not allowed/],
    ["too little memory", { maxMemoryMiB: 1 }, /^maxMemoryMiB: 1 is not allowed/],
    ["no version", { image: "valkey/valkey" }, /^image: .* a tag other than latest/],
    ["root", { runAsUser: 0 }, /^runAsUser: 0 is not allowed/],
    ["a size in words", { size: "large" }, /^size: "large" is not allowed/],
    ["a size for another's", { existingClaim: "a", size: "1Gi" }, /^size: has no effect on existingClaim/],
    ["a share", { storageClass: "azurefile" }, /^storageClass: "azurefile" makes a share/],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
