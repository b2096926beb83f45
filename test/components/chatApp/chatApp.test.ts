import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { needs, resolved } from "../../support/mocks.ts";
import { CLAIM, chatApp, DEPLOYMENT, docs, POSTGRESQL, REDIS, SECRET, search } from "./fixtures.ts";

const SERVICE = "kubernetes:core/v1:Service";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const several = { replicas: 3, database: POSTGRESQL, redis: REDIS };

describe.each([{ preview: false }, { preview: true }])("ChatApp, preview: $preview", (options) => {
  it("is one pod that nobody can change, and has no business with the API server", async () => {
    const { pod } = await chatApp({}, options);
    const [container] = pod().containers;
    expect(pod()).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    expect(container.securityContext).toMatchObject({
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(container.image).toMatch(/@sha256:|:v\d/);
    expect(container.resources.requests).toEqual({ cpu: "100m", memory: "512Mi" });
    expect(container.resources.limits).toEqual({ memory: "1Gi" });
  });

  it("can write where it keeps its data and in scratch files, on volumes that are there", async () => {
    const { pod, find } = await chatApp({}, options);
    const mounts = pod().containers[0].volumeMounts;
    expect(mounts).toEqual([
      { name: "data", mountPath: "/app/backend/data" },
      { name: "scratch", mountPath: "/tmp" },
    ]);
    expect(pod().volumes[0]).toEqual({
      name: "data",
      persistentVolumeClaim: { claimName: find(CLAIM).inputs.metadata.name },
    });
  });

  it("is asked by Kubernetes whether it has started, is ready and lives", async () => {
    const [container] = (await chatApp({}, options)).pod().containers;
    expect(container.ports).toEqual([{ name: "http", containerPort: 8080, protocol: "TCP" }]);
    for (const [probe, path] of Object.entries({
      startupProbe: "/ready",
      readinessProbe: "/ready",
      livenessProbe: "/health",
    })) {
      expect([probe, container[probe].httpGet]).toEqual([probe, { path, port: "http" }]);
    }
    const { periodSeconds, failureThreshold } = container.startupProbe;
    expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(300);
  });

  it("says where it is and how to sign in", async () => {
    const { result, find } = await chatApp({}, options);
    expect(await resolved(result.url)).toBe("http://chat.chat.svc.cluster.local");
    expect(await resolved(result.service.name)).toBe(find(SERVICE).inputs.metadata.name);
    expect(find(SERVICE).inputs.spec).toMatchObject({
      selector: result.podLabels,
      ports: [{ port: result.service.port, targetPort: "http" }],
    });
    expect(await resolved(result.signIn)).toMatch(
      /^Run: kubectl -n chat port-forward service\/chat 8080:80, /,
    );
    expect(result.administrator.email).toBe("admin@chat.internal");
  });
});

describe("ChatApp", () => {
  it("has its secrets in a Secret, and nowhere else", async () => {
    const { result, secret, env, find } = await chatApp({
      models: [{ name: "cloud", url: "https://api.example.com/v1", apiKey: "very-private" }],
      tools: [{ name: "search", server: search }],
    });
    expect(find(SECRET).secretInputs).toEqual(["stringData"]);
    expect(secret()["OPENAI_API_KEYS"]).toBe("very-private");
    expect(secret()["TOOL_SERVER_CONNECTIONS"]).toContain('"key":"token-of-chat"');
    expect(secret()["WEBUI_ADMIN_PASSWORD"]).toBe(await resolved(result.administrator.password));
    expect(secret()["WEBUI_ADMIN_PASSWORD"]).not.toBe(secret()["WEBUI_SECRET_KEY"]);
    const plain = JSON.stringify([env(), find(DEPLOYMENT).inputs]);
    for (const value of ["very-private", "token-of-chat", "key-1", "key-2"])
      expect(plain).not.toContain(value);
    expect(await pulumi.isSecret(result.administrator.password)).toBe(true);
    expect(await pulumi.isSecret(result.signIn)).toBe(false);
  });

  it("starts anew with other connections: they are another Secret", async () => {
    const { find, pod } = await chatApp();
    expect(find(SECRET).inputs.metadata).not.toHaveProperty("name");
    expect(pod().containers[0].envFrom).toEqual([{ secretRef: { name: "chat-1a2b" } }]);
  });

  it("uses the token of the caller that it was told", async () => {
    const { secret } = await chatApp({ tools: [{ name: "search", server: search, caller: "team" }] });
    expect(secret()["TOOL_SERVER_CONNECTIONS"]).toContain('"key":"token-of-team"');
  });

  it("offers every tool and RAG engine by default in a new chat, but those that are not attached", async () => {
    const { env } = await chatApp({
      tools: [
        { name: "search", server: search },
        { name: "echo", url: "http://echo.mcp.svc.cluster.local:3000/mcp", attached: false },
      ],
      ragEngines: [{ name: "docs", engine: docs, indexes: ["handbook"] }],
    });
    expect(JSON.parse(env()["DEFAULT_MODEL_METADATA"] ?? "").toolIds).toEqual([
      "server:mcp:search",
      "server:docs",
    ]);
  });

  it("keeps Kubernetes from reading variables into what people wrote", async () => {
    const { env } = await chatApp({ systemPrompt: "Say $(HOME) and $5." });
    expect(env()["DEFAULT_INTERFACE_SETTINGS"]).toContain("$$(HOME) and $5.");
  });

  it("has its policies before its pods, and its pods before its Service", async () => {
    const { find, resources } = await chatApp();
    const policies = resources.filter(({ type }) => type === POLICY);
    expect(policies.length).toBe(2);
    for (const policy of [...policies, find(CLAIM)]) {
      expect([policy.name, needs(resources, find(DEPLOYMENT), policy)]).toEqual([policy.name, true]);
    }
    expect(needs(resources, find(SERVICE), find(DEPLOYMENT))).toBe(true);
  });

  it("with a public address is told of it, and with Entra ID says how to sign in", async () => {
    const publicUrl = "https://chat.example.com";
    expect(await resolved((await chatApp({ publicUrl })).result.signIn)).toMatch(
      /^Open https:\/\/chat\.example\.com and sign in as admin@chat\.internal/,
    );
    const guid = "00000000-0000-0000-0000-000000000001";
    const entra = { tenantId: guid, clientId: guid, clientSecret: "s" };
    const { result, secret } = await chatApp({ publicUrl, signIn: { entra } });
    expect(result.publicUrl).toBe(publicUrl);
    expect(await resolved(result.signIn)).toContain("sign in with Microsoft");
    expect(secret()["MICROSOFT_CLIENT_SECRET"]).toBe("s");
  });
});

describe("ChatApp's pods", () => {
  it("alone with SQLite: the old one ends before the new one starts, and nothing holds up a drain", async () => {
    const { find, resources, pod } = await chatApp();
    expect(find(DEPLOYMENT).inputs.spec).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
    expect(find(CLAIM).inputs.spec.accessModes).toEqual(["ReadWriteOnce"]);
    expect(resources.filter(({ type }) => type === BUDGET)).toEqual([]);
    expect(pod()).not.toHaveProperty("initContainers");
  });

  it("are several with a database and Redis, over nodes, drained one at a time", async () => {
    const { find, pod, secret } = await chatApp(several);
    expect(find(DEPLOYMENT).inputs.spec).toMatchObject({
      replicas: 3,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0 } },
    });
    expect(find(BUDGET).inputs.spec).toMatchObject({
      maxUnavailable: 1,
      selector: find(DEPLOYMENT).inputs.spec.selector,
    });
    expect(pod().topologySpreadConstraints.map((each: { topologyKey: string }) => each.topologyKey)).toEqual([
      "topology.kubernetes.io/zone",
      "kubernetes.io/hostname",
    ]);
    expect(find(CLAIM).inputs.spec).toMatchObject({
      accessModes: ["ReadWriteMany"],
      storageClassName: "azurefile-csi",
    });
    expect(secret()).toMatchObject({
      DATABASE_URL: "postgresql://chat:pw@db.example.com/chat",
      REDIS_URL: "redis://:pw@cache.state.svc.cluster.local:6379/0",
    });
  });

  it("have their number from the program again after somebody has scaled them by hand", async () => {
    const { find } = await chatApp(several);
    expect(find(DEPLOYMENT).inputs.metadata.annotations).toEqual({ "pulumi.com/patchForce": "true" });
  });

  it("of several make the tables one after another, as unprivileged as the app", async () => {
    const { pod } = await chatApp(several);
    const [migrate] = pod().initContainers;
    const [{ image, env, envFrom, securityContext, volumeMounts }] = pod().containers;
    expect(migrate.command.join(" ")).toContain("pg_advisory_lock");
    expect(migrate).toMatchObject({ image, env, envFrom, securityContext, volumeMounts });
  });

  it("keep nothing where chats are in a database and there are no files", async () => {
    const { pod, resources } = await chatApp({ ...several, uploads: false });
    expect(resources.filter(({ type }) => type === CLAIM)).toEqual([]);
    expect(pod().volumes[0]).toEqual({ name: "data", emptyDir: { sizeLimit: "1Gi" } });
  });

  it("find the same volume whatever their number is", async () => {
    const claim = async (replicas: number) => (await chatApp({ ...several, replicas })).find(CLAIM).inputs;
    expect(await claim(1)).toEqual(await claim(3));
    expect((await claim(1)).metadata.name).toBe("chat-data-azurefile-csi-shared");
  });

  it("have another volume under another name where Kubernetes couldn't change the old one", async () => {
    const name = async (storage: object) =>
      (await chatApp({ database: POSTGRESQL, storage })).find(CLAIM).inputs.metadata.name;
    const names = [
      await name({ storageClass: "own", accessMode: "ReadWriteOnce" }),
      await name({ storageClass: "own", accessMode: "ReadWriteMany" }),
      await name({ storageClass: "another", accessMode: "ReadWriteMany" }),
    ];
    expect(names).toEqual(["chat-data-own", "chat-data-own-shared", "chat-data-another-shared"]);
  });

  it.each([
    ["SQLite", {}],
    ["a database", several],
  ])("with %s write no files where uploads are off", async (_, args) => {
    const { pod } = await chatApp({ ...args, uploads: false });
    const [{ volumeMounts }] = pod().containers;
    expect(volumeMounts).toContainEqual({
      name: "no-files",
      mountPath: "/app/backend/data/uploads",
      readOnly: true,
    });
    expect(pod().volumes).toContainEqual({ name: "no-files", emptyDir: { sizeLimit: "1Mi" } });
  });

  it("one with a database is replaced without a gap where no disk is in the way", async () => {
    const strategy = async (args: object) =>
      (await chatApp({ database: POSTGRESQL, ...args })).find(DEPLOYMENT).inputs.spec.strategy.type;
    expect(await strategy({ storage: { accessMode: "ReadWriteOnce" } })).toBe("Recreate");
    expect(await strategy({ uploads: false })).toBe("RollingUpdate");
    expect(await strategy({})).toBe("RollingUpdate");
  });

  it("use a claim that is there", async () => {
    const { pod, resources } = await chatApp({ storage: { existingClaim: "chats" } });
    expect(resources.filter(({ type }) => type === CLAIM)).toEqual([]);
    expect(pod().volumes[0].persistentVolumeClaim).toEqual({ claimName: "chats" });
  });
});
