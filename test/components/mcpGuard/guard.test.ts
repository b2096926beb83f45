import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { eachOnce } from "../../../components/mcpGuard/tokens.ts";
import { needs, resolved } from "../../support/mocks.ts";
import {
  CONFIG,
  configOf,
  GUARD_CONFIG,
  IMAGE,
  KEY,
  keyOf,
  runGuarded,
  SECRET,
  SERVER,
  SERVICE,
} from "./guarded.ts";

const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

describe.each([{ preview: false }, { preview: true }])(
  "a guarded server, preview: $preview",
  ({ preview }) => {
    it("comes after what its pods mount, and goes before", async () => {
      const { find, resources } = await runGuarded({}, {}, { preview });
      for (const type of [CONFIG, SECRET, KEY]) {
        expect([type, needs(resources, find(SERVER), find(type))]).toEqual([type, true]);
      }
      expect(needs(resources, find(SERVER), find(POLICY, "search-network"))).toBe(true);
    });

    it("tells its URL in advance: the guard's", async () => {
      const http = await runGuarded({}, {}, { preview });
      expect(await resolved(http.result.url)).toBe("http://search.mcp.svc.cluster.local:3000/mcp");
      const stdio = await runGuarded({}, { transport: "stdio", command: "node" }, { preview });
      expect(await resolved(stdio.result.url)).toBe("http://search-guard.mcp.svc.cluster.local:3001/mcp");
    });
  },
);

describe("the guard of an http server", () => {
  it("has the port that the Service leads to, and the server another, on loopback", async () => {
    const { find, resources } = await runGuarded({}, { env: { A: "1" } });
    const { spec } = find(SERVER).inputs;
    expect(spec.httpTransport).toEqual({ targetPort: 3000, path: "/mcp" });
    expect(spec.deployment).toMatchObject({
      port: 3000,
      env: { HOME: "/tmp", PORT: "8080", HOST: "127.0.0.1", A: "1" },
    });
    expect(spec.deployment.sidecars[0].ports).toEqual([
      { name: "mcp", containerPort: 3000, protocol: "TCP" },
      { name: "metrics", containerPort: 9464, protocol: "TCP" },
    ]);
    expect(resources.filter(({ type }) => type === SERVICE)).toEqual([]);
  });

  it("makes way for a server on 8080, and for one that is told another address", async () => {
    const env = async (args: object) => (await runGuarded({}, args)).find(SERVER).inputs.spec.deployment.env;
    expect(await env({ port: 8080 })).toMatchObject({ PORT: "8081" });
    expect(await env({ serverPort: 9000, env: { HOST: "0.0.0.0" } })).toMatchObject({
      PORT: "9000",
      HOST: "0.0.0.0",
    });
  });

  it("is a container of its own, as restricted as the server, with probes that ask both", async () => {
    const { find } = await runGuarded();
    const { sidecars } = find(SERVER).inputs.spec.deployment;
    expect(sidecars).toHaveLength(1);
    expect(sidecars[0]).toMatchObject({
      name: "guard",
      image: IMAGE,
      resources: { requests: { cpu: "50m", memory: "160Mi" }, limits: { memory: "256Mi" } },
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
      readinessProbe: { httpGet: { path: "/readyz", port: 9464 } },
      livenessProbe: { httpGet: { path: "/healthz", port: 9464 } },
      startupProbe: { httpGet: { path: "/healthz", port: 9464 } },
    });
  });

  it("mounts settings and tokens, which the server doesn't", async () => {
    const { find } = await runGuarded();
    const { volumes, volumeMounts, sidecars } = find(SERVER).inputs.spec.deployment;
    // Without a name: Pulumi makes one up, and another for other settings.
    expect(find(CONFIG, "search.guard").inputs.metadata).toEqual({ namespace: "mcp" });
    expect(find(SECRET).inputs.metadata).toMatchObject({ name: "search.guard-tokens", namespace: "mcp" });
    expect(volumes.slice(1)).toEqual([
      { name: "guard-config", configMap: { name: GUARD_CONFIG } },
      { name: "guard-tokens", secret: { secretName: "search.guard-tokens", defaultMode: 0o440 } },
    ]);
    expect(sidecars[0].volumeMounts).toEqual([
      { name: "guard-config", mountPath: "/etc/mcp-guard", readOnly: true },
      { name: "guard-tokens", mountPath: "/var/run/secrets/mcp-guard/tokens", readOnly: true },
    ]);
    expect(volumeMounts).toEqual([{ name: "tmp", mountPath: "/tmp" }]);
  });

  it("gets new pods with new settings, and none with new tokens", async () => {
    const hashOf = async (guard: object) =>
      (await runGuarded(guard)).find(SERVER).inputs.spec.deployment.annotations["mcpaas.dev/guard-config"];
    const [usual, again] = [await hashOf({}), await hashOf({})];
    expect(usual).toMatch(/^[0-9a-f]{16}$/);
    expect(again).toBe(usual);
    expect(await hashOf({ limits: { concurrency: 8 } })).not.toBe(usual);
    const token = "t".repeat(32);
    expect(await hashOf({ authentication: { tokens: { chat: { token } } } })).toBe(usual);
  });
});

describe("the guard of a stdio server", () => {
  it("leaves the gateway its port and has a Service of its own", async () => {
    const { find, resources } = await runGuarded({}, { transport: "stdio", command: "node" });
    const { spec } = find(SERVER).inputs;
    expect(spec.deployment).toMatchObject({ port: 3000, env: { HOME: "/tmp" } });
    expect(spec.deployment.env).not.toHaveProperty("HOST");
    expect(spec.deployment.sidecars[0].ports[0].containerPort).toBe(3001);
    expect(find(SERVICE).inputs).toMatchObject({
      metadata: { name: "search-guard", namespace: "mcp" },
      spec: {
        selector: { "app.kubernetes.io/name": "search", "app.kubernetes.io/instance": "search" },
        ports: [{ port: 3001, targetPort: 3001 }],
      },
    });
    expect(needs(resources, find(SERVICE), find(SERVER))).toBe(true);
  });
});

describe("tokens", () => {
  it("are made, one for each caller, or given, and told as a secret", async () => {
    const token = `${"g".repeat(32)}==`;
    const { find, result } = await runGuarded({
      authentication: { tokens: { chat: {}, given: { token: pulumi.output(token) }, other: {} } },
    });
    const tokens = { chat: keyOf(0), given: token, other: keyOf(1) };
    expect(await resolved(result.tokens)).toEqual(tokens);
    expect(await pulumi.isSecret(result.tokens)).toBe(true);
    expect(find(SECRET).inputs.stringData).toEqual(tokens);
    expect(find(SECRET).secretInputs).toContain("stringData");
    expect(find(KEY, "search.token-chat").additionalSecretOutputs).toEqual(["value"]);
  });

  it("are not there without static tokens, nor anything that holds some", async () => {
    const { result, resources, find } = await runGuarded({ authentication: { none: "anyone-may-call" } });
    expect(await resolved(result.tokens)).toEqual({});
    expect(resources.filter(({ type }) => [SECRET, KEY].includes(type))).toEqual([]);
    expect(find(SERVER).inputs.spec.deployment.volumes).toHaveLength(2);
    expect(configOf(find)).toContain("none: anyone-may-call");
  });

  it.each([
    ["too short", "short"],
    ["one that looks like a JWT", `${"a".repeat(32)}.b.c`],
    ["one with a space", `${"a".repeat(32)} b`],
  ])("can't be %s, and no message repeats it", async (_, token) => {
    const make = () => runGuarded({ authentication: { tokens: { chat: { token } } } });
    await expect(make()).rejects.toThrow(
      /^guard.authentication.tokens.chat.token: must be 32 or more letters/,
    );
    await expect(make()).rejects.not.toThrow(token);
  });

  it("can't be the same for two callers", () => {
    const token = "t".repeat(32);
    expect(() => eachOnce({ a: token, b: token })).toThrow(
      "guard.authentication.tokens.b.token: must be another than a's",
    );
    expect(eachOnce({ a: token, b: `${token}u` })).toEqual({ a: token, b: `${token}u` });
  });
});

it("refuses an image of which one can't say what runs", async () => {
  await expect(runGuarded({ image: "r.io/guard:latest" })).rejects.toThrow(
    /^guard.image: .* other than latest/,
  );
});
