import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { PostgreSql, type PostgreSqlArgs } from "../../../components/postgresql.ts";
import { needs, resolved, runWithMocks } from "../../support/mocks.ts";

const SET = "kubernetes:apps/v1:StatefulSet";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const SECRET = "kubernetes:core/v1:Secret";
const CONFIG = "kubernetes:core/v1:ConfigMap";
const SERVICE = "kubernetes:core/v1:Service";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const JOB = "kubernetes:batch/v1:CronJob";
const KEY = "pulumi-nodejs:dynamic/mcpaas:GeneratedKey";

const run = (args: Partial<PostgreSqlArgs> = {}, options: { preview?: boolean; password?: string } = {}) =>
  runWithMocks(
    () => new PostgreSql("db", { namespace: "chat", clients: [{ podLabels: { app: "chat" } }], ...args }),
    { outputs: { [KEY]: () => ({ value: options.password ?? "generated" }) } },
    { preview: options.preview ?? false },
  );

const server = async (args: Partial<PostgreSqlArgs> = {}, password?: string) =>
  (await run(args, password === undefined ? {} : { password })).find(SET).inputs.spec;

describe.each([{ preview: false }, { preview: true }])("PostgreSQL, preview: $preview", ({ preview }) => {
  it("has its policy, Secret, settings and disk before its pod", async () => {
    const { find, resources } = await run({}, { preview });
    const set = find(SET);
    for (const earlier of [
      find(POLICY, "db-network"),
      find(SECRET),
      find(CONFIG),
      find(SERVICE),
      find(CLAIM, "db-data"),
    ]) {
      expect(needs(resources, set, earlier)).toBe(true);
    }
    expect(needs(resources, find(JOB, "db-backup"), set)).toBe(true);
  });
});

describe("PostgreSQL", () => {
  it("tells its URL as a secret, its Service and its pods", async () => {
    const { result, find } = await run();
    expect(await resolved(result.url)).toBe("postgresql://app:generated@db.chat.svc.cluster.local:5432/app");
    expect(await pulumi.isSecret(result.url)).toBe(true);
    expect(await resolved(result.service)).toEqual({ name: "db", port: 5432 });
    const labels = { "app.kubernetes.io/name": "postgresql", "app.kubernetes.io/instance": "db" };
    expect(result.target).toEqual({ namespace: "chat", podLabels: labels, port: 5432 });
    expect(find(SERVICE).inputs.spec.selector).toEqual(labels);
    expect(find(SET).inputs.spec.template.metadata.labels).toEqual(labels);
  });

  it("keeps the password in the Secret, and tells it to the init container and the jobs alone", async () => {
    const { find, resources } = await run();
    expect(find(SECRET).inputs.stringData).toEqual({ password: "generated" });
    expect(find(SECRET).secretInputs.join()).toMatch(/stringData/);
    const { spec } = find(SET).inputs.spec.template;
    const fromSecret = (container: { env: { valueFrom?: object }[] }) =>
      container.env.filter(({ valueFrom }) => valueFrom !== undefined);
    expect(fromSecret(spec.initContainers[0])).toEqual([
      { name: "APP_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
    ]);
    expect(fromSecret(spec.containers[0])).toEqual([]);
    const others = resources.filter(({ type }) => type !== SECRET && type !== KEY);
    expect(JSON.stringify(others.map(({ inputs }) => inputs))).not.toContain("generated");
  });

  it("starts another pod for another password, database or extension", async () => {
    const hash = async (...args: Parameters<typeof server>) =>
      (await server(...args)).template.metadata.annotations["mcpaas.dev/settings"];
    const hashes = [
      await hash(),
      await hash({}, "another"),
      await hash({ database: "b" }),
      await hash({ extensions: ["vector"] }),
    ];
    expect(new Set(hashes).size).toBe(4);
    expect(await hash()).toBe(hashes[0]);
  });

  it("is one pinned pod with requests, a memory limit and probes", async () => {
    const { replicas, template } = await server();
    expect(replicas).toBe(1);
    const [container] = template.spec.containers;
    expect(container).toMatchObject({
      image: "docker.io/library/postgres:18.6-trixie",
      resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "1Gi" } },
    });
    expect(template.spec.initContainers[0].image).toBe(container.image);
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      expect(container[probe].exec.command.join(" ")).toContain("pg_isready");
    }
  });

  it("can have another image, user, nodes, resources and parameters", async () => {
    const resources = { requests: { cpu: "1", memory: "2Gi" }, limits: { memory: "4Gi" } };
    const image = `mcpaas.azurecr.io/pgvector@sha256:${"0".repeat(64)}`;
    const nodeSelector = { pool: "cpu" };
    const tolerations = [{ key: "a", operator: "Exists" }];
    const { template } = await server({
      resources,
      image,
      nodeSelector,
      tolerations,
      runAsUser: 70,
      parameters: { shared_buffers: "1GB", work_mem: "16MB" },
    });
    expect(template.spec).toMatchObject({
      nodeSelector,
      tolerations,
      securityContext: { runAsUser: 70, runAsGroup: 70, fsGroup: 70 },
      containers: [{ image, resources }],
    });
    const { args } = template.spec.containers[0];
    for (const parameter of ["shared_buffers=1GB", "work_mem=16MB", "max_connections=200"]) {
      expect(args).toContain(parameter);
    }
  });

  it.each<[string, Partial<PostgreSqlArgs>, RegExp]>([
    ["a name with a dot", { name: "a.b" }, /^name: "a.b" is not allowed/],
    ["a quoted database", { database: 'a"b' }, /^database: .* is not allowed; it must be 1 to 63/],
    ["the superuser's name", { database: "postgres" }, /^database: "postgres" is not allowed/],
    ["an extension with SQL", { extensions: ["vector", "a; drop"] }, /^extensions\[1\]: "a; drop" is not/],
    ["no version", { image: "postgres" }, /^image: .* a tag other than latest/],
    ["root", { runAsUser: 0 }, /^runAsUser: 0 is not allowed/],
    [
      "its own parameter",
      { parameters: { hba_file: "/x" } },
      /^parameters.hba_file: is set by the component/,
    ],
    ["no parameter", { parameters: { "a b": "1" } }, /^parameters.a b: is no name of a parameter/],
    ["an empty parameter", { parameters: { work_mem: "" } }, /^parameters.work_mem: "" is not allowed/],
    ["a size in words", { size: "large" }, /^size: "large" is not allowed/],
    ["a class in words", { storageClass: "A b" }, /^storageClass: "A b" is not allowed/],
    [
      "a share",
      { storageClass: "azurefile-csi-premium" },
      /^storageClass: "azurefile-csi-premium" makes a share/,
    ],
    ["a size for another's", { existingClaim: "a", size: "1Gi" }, /^size: has no effect on existingClaim/],
    ["a schedule in words", { backup: { schedule: "daily" } }, /^backup.schedule: "daily" is not allowed/],
    ["no backup kept", { backup: { keep: 0 } }, /^backup.keep: 0 is not allowed/],
    ["a backup's size in words", { backup: { size: "big" } }, /^backup.size: "big" is not allowed/],
    ["a long name with backups", { name: "a".repeat(45) }, /^name: a+ is too long for backups/],
  ])("refuses %s", async (_, args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});

describe("PostgreSQL's disk", () => {
  const claimOf = async (args: Partial<PostgreSqlArgs>) => (await run(args)).find(CLAIM, "db-data");

  it("is named by its class and stays in the cluster", async () => {
    const { find } = await run();
    const claim = find(CLAIM, "db-data");
    expect(claim.inputs.metadata.name).toBe("db-managed-csi");
    expect(claim.inputs.spec).toEqual({
      accessModes: ["ReadWriteOnce"],
      storageClassName: "managed-csi",
      resources: { requests: { storage: "10Gi" } },
    });
    expect(find(SET).inputs.spec.template.spec.volumes[0]).toEqual({
      name: "data",
      persistentVolumeClaim: { claimName: "db-managed-csi" },
    });
  });

  it.each([
    ["keep", { retained: true, guarded: false }],
    ["refuse", { retained: false, guarded: true }],
    ["delete", { retained: false, guarded: false }],
    [undefined, { retained: true, guarded: false }],
  ] as const)("with deletion %s", async (deletion, { retained, guarded }) => {
    const claim = await claimOf(deletion === undefined ? {} : { deletion });
    expect({ retained: claim.retainOnDelete, guarded: claim.protect }).toEqual({ retained, guarded });
  });

  it("can be one that exists", async () => {
    const { find, resources } = await run({ existingClaim: "mine", backup: "none" });
    expect(find(SET).inputs.spec.template.spec.volumes[0].persistentVolumeClaim.claimName).toBe("mine");
    expect(resources.filter(({ type }) => type === CLAIM)).toEqual([]);
  });
});

describe("backups", () => {
  it("run daily, and the restoring when somebody starts it", async () => {
    const { find } = await run({ backup: { keep: 3, schedule: "0 1 * * 0" } });
    expect(find(JOB, "db-backup").inputs.spec).toMatchObject({
      schedule: "0 1 * * 0",
      timeZone: "Etc/UTC",
      suspend: false,
      concurrencyPolicy: "Forbid",
    });
    expect(find(JOB, "db-restore").inputs.spec.suspend).toBe(true);
    const { spec } = find(JOB, "db-backup").inputs.spec.jobTemplate.spec.template;
    expect(spec.containers[0].env).toContainEqual({ name: "KEEP", value: "3" });
    expect(spec.volumes[0].persistentVolumeClaim.claimName).toBe("db-backup-managed-csi");
    expect((await run()).find(JOB, "db-backup").inputs.spec.schedule).toBe("17 3 * * *");
  });

  it("can be none", async () => {
    const { resources } = await run({ backup: "none" });
    expect(resources.filter(({ name }) => /backup|restore/.test(name))).toEqual([]);
  });
});
