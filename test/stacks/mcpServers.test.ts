import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../servers/guard/config.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { addressesOf, guardArgs, imagesOfServers, mcpServers } from "../../stacks/shared/mcpServers.ts";
import { CONFIG, KEY, keyOf, SECRET, SERVER } from "../components/mcpGuard/guarded.ts";
import { resolved, runWithMocks } from "../support/mocks.ts";

const echo = { transport: "http", image: "mcp/echo:0.1.0" };
const settingsOf = (settings: object) => parseSettings({ location: "eastus", ...settings }, "dev");

const run = (settings: object) => {
  let keys = 0;
  return runWithMocks(
    () =>
      addressesOf(
        mcpServers(settingsOf(settings), {
          namespace: "mcp",
          loginServer: pulumi.output("own.azurecr.io"),
          kubeconfig: pulumi.secret("very private"),
          images: {
            guard: pulumi.output("own.azurecr.io/mcp/guard:0.1.0"),
            built: pulumi.output("own.azurecr.io/mcp/built:0.1.0"),
          },
          options: {},
        }),
      ),
    { outputs: { [KEY]: () => ({ value: keyOf(keys++) }) } },
  );
};

describe("the stack's MCP servers", () => {
  it("stand behind a guard each, with tokens of their own", async () => {
    const { result, find, resources } = await run({ mcpServers: { a: echo, b: echo } });
    expect(await resolved(result.urls)).toEqual({
      a: "http://a.mcp.svc.cluster.local:3000/mcp",
      b: "http://b.mcp.svc.cluster.local:3000/mcp",
    });
    expect(await resolved(result.tokens)).toEqual({ a: { team: keyOf(0) }, b: { team: keyOf(1) } });
    expect(await pulumi.isSecret(result.tokens)).toBe(true);
    expect(find(SERVER, "a").inputs.spec.deployment).toMatchObject({
      image: "own.azurecr.io/mcp/echo:0.1.0",
      sidecars: [{ name: "guard", image: "own.azurecr.io/mcp/guard:0.1.0" }],
    });
    for (const { data } of resources.filter(({ type }) => type === CONFIG).map(({ inputs }) => inputs)) {
      expect(() => readConfig(data["guard.yaml"])).not.toThrow();
    }
  });

  it("can be without one", async () => {
    const { result, find, resources } = await run({
      mcpServers: { a: { ...echo, guard: { mode: "none" } } },
    });
    expect(find(SERVER).inputs.spec.deployment).not.toHaveProperty("sidecars");
    expect(resources.filter(({ type }) => [CONFIG, SECRET].includes(type))).toEqual([]);
    expect(await resolved(result.tokens)).toEqual({ a: {} });
  });

  it("are built from the folders that they name, and the guard's unless all are without", () => {
    const images = (...servers: object[]) =>
      imagesOfServers(
        settingsOf({ mcpServers: Object.fromEntries(servers.map((server, i) => [`s${i}`, server])) }),
      );
    const none = { mode: "none" };
    const built = { transport: "http", build: "built" };
    expect(images()).toEqual([]);
    expect(images({ ...built, guard: none })).toEqual(["built"]);
    expect(images({ ...built, guard: none }, echo)).toEqual(["built", "guard"]);
  });

  it("run what was built from the folder that they name", async () => {
    const { find } = await run({ mcpServers: { a: { transport: "http", build: "built" } } });
    expect(find(SERVER, "a").inputs.spec.deployment.image).toBe("own.azurecr.io/mcp/built:0.1.0");
  });

  it("have the sessions that hold for all, but over stdio those that the server's memory has room for", async () => {
    const stdio = { transport: "stdio", image: "a:1", command: "x" };
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } };
    const { find } = await run({
      mcpGuard: { limits: { sessions: 5000 } },
      mcpServers: {
        http: echo,
        small: stdio,
        large: { ...stdio, resources },
        own: { ...stdio, guard: { limits: { sessions: 40 } } },
      },
    });
    const sessions = (name: string) =>
      readConfig(find(CONFIG, `${name}.guard`).inputs.data["guard.yaml"]).limits.sessions;
    expect(["http", "small", "large", "own"].map(sessions)).toEqual([5000, 1, 9, 40]);
  });

  it("name the setting of what only shows later", async () => {
    const servers = { a: { transport: "http", build: "not-built" } };
    await expect(run({ mcpServers: servers })).rejects.toThrow("mcpaas:mcpServers.a: image: ");
  });
});

describe("guardArgs", () => {
  const settings = settingsOf({
    mcpGuard: {
      authentication: { tokens: { callers: { chat: { roles: ["reader"] } } } },
      limits: { concurrency: 8, callSeconds: 10 },
      breaker: { failures: 2 },
      retries: { attempts: 1 },
      allowedOrigins: ["https://chat.example.com"],
      metricsClients: [{ namespace: "mcp" }, { namespace: "monitoring" }],
      logLevel: "warn",
    },
    mcpServers: {
      a: {
        ...echo,
        guard: {
          authorization: { default: "deny" },
          limits: { callSeconds: 300, tools: { x: { calls: 1, seconds: 1 } } },
          retries: { tools: ["x"] },
          search: { engines: ["bing"] },
        },
      },
    },
  });

  it("puts what is said of one server on top of what holds for all", () => {
    expect(guardArgs(settings, "r.io/guard:1", settings.mcpServers["a"]?.guard)).toEqual({
      image: "r.io/guard:1",
      authentication: { tokens: { chat: { roles: ["reader"] } } },
      authorization: { default: "deny" },
      limits: { concurrency: 8, callSeconds: 300, tools: { x: { calls: 1, seconds: 1 } } },
      breaker: { failures: 2 },
      retries: { attempts: 1, tools: ["x"] },
      search: { engines: ["bing"] },
      sse: false,
      allowedOrigins: ["https://chat.example.com"],
      // The namespace of the servers is the clients' own.
      metricsClients: [{}, { namespace: "monitoring" }],
      logLevel: "warn",
    });
  });

  it("has what its kind of server needs on top of what holds for all, and below what is said of it", () => {
    const needed = { concurrency: 2, callSeconds: 960, sessions: 3 };
    expect(guardArgs(settings, "r.io/guard:1", settings.mcpServers["a"]?.guard, needed)).toMatchObject({
      limits: { concurrency: 2, callSeconds: 300, sessions: 3 },
    });
  });

  it("is what holds for all where nothing is said of one", () => {
    expect(guardArgs(settings, "r.io/guard:1")).toMatchObject({
      limits: { concurrency: 8, callSeconds: 10 },
      logLevel: "warn",
    });
  });

  it("is no guard where one server is to have none", () => {
    expect(guardArgs(settings, undefined, { mode: "none" })).toBe("none");
  });
});
