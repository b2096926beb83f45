import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig, readConfig } from "../../../servers/guard/config.ts";

const least = { server: "search", upstream: { url: "http://127.0.0.1:8080/mcp" }, authentication: {} };
const read = (changes: object) =>
  readConfig(JSON.stringify({ ...least, authentication: { none: "anyone-may-call" }, ...changes }));

describe("the guard's settings", () => {
  it("have defaults for all but the server, its URL and who may call", () => {
    expect(read({})).toEqual({
      server: "search",
      listen: {
        host: "0.0.0.0",
        port: 3000,
        path: "/mcp",
        ssePath: "/sse",
        messagesPath: "/messages",
        allowedOrigins: [],
        allowedHosts: [],
        connectionSeconds: 0,
      },
      management: { host: "0.0.0.0", port: 9464 },
      upstream: {
        url: "http://127.0.0.1:8080/mcp",
        sse: false,
        ssePath: "/sse",
        probeSeconds: 10,
        headers: {},
      },
      authentication: { none: "anyone-may-call" },
      authorization: { default: "allow", rules: [] },
      limits: {
        caller: { calls: 120, seconds: 60 },
        tools: {},
        engines: {},
        concurrency: 16,
        bodyBytes: 1_048_576,
        requestSeconds: 30,
        callSeconds: 60,
        sessions: 1000,
        sessionIdleSeconds: 1800,
      },
      breaker: { failures: 5, openSeconds: 30 },
      retries: { attempts: 2, initialMs: 100, maxMs: 2000, tools: [] },
      sessions: { mode: "in-memory" },
      audit: { destination: "stdout" },
      logLevel: "info",
      drainSeconds: 0,
      shutdownGraceSeconds: 20,
    });
    expect(read({ search: { engines: ["bing"] } }).search).toEqual({
      tool: "search",
      enginesArgument: "engines",
      engines: ["bing"],
      fallback: true,
    });
    const jwt = { issuer: "https://issuer.example/v2.0", audience: ["api://search"] };
    expect(read({ authentication: { jwt } }).authentication.jwt).toEqual({
      ...jwt,
      algorithms: ["RS256"],
      clockToleranceSeconds: 30,
      subjectClaim: "sub",
      rolesClaim: "roles",
      scopesClaim: "scp",
    });
  });

  it("are YAML too", () => {
    const config = readConfig(
      "server: s\nupstream: { url: http://a:1/mcp }\nauthentication: { none: anyone-may-call }\n",
    );
    expect(config.upstream.url).toBe("http://a:1/mcp");
  });

  it.each([
    [{ server: "a b" }, "server must be a name of letters"],
    [{ server: undefined }, "server is missing; it must be a name"],
    [{ listen: { port: "3000" } }, 'listen.port must be a whole number from 0 to 65535, not "3000"'],
    [{ listen: { allowedOrigins: ["https://a.example/"] } }, "listen.allowedOrigins[0] must be an origin"],
    [{ upstream: { url: "ftp://a/" } }, "upstream.url must be a URL such as http://127.0.0.1:8080/mcp"],
    [{ upstream: { url: "http://u:p@a/mcp" } }, "upstream.url must be a URL"],
    [
      { upstream: { ...least.upstream, headers: { Host: "a" } } },
      "upstream.headers.Host is decided by the guard",
    ],
    [
      { upstream: { ...least.upstream, headers: { a: "b\r\nc: d" } } },
      "upstream.headers.a must be a header's value",
    ],
    [{ authentication: {} }, "none: anyone-may-call"],
    [{ authentication: { none: true } }, 'authentication.none must be "anyone-may-call", not true'],
    [{ authentication: { none: "anyone-may-call", tokens: {} } }, "authentication.none must stand alone"],
    [
      { authentication: { jwt: { issuer: "http://issuer.example", audience: ["a"] } } },
      "jwt.issuer must be https",
    ],
    [
      { authentication: { jwt: { issuer: "https://i.example", audience: [] } } },
      "must name at least one audience",
    ],
    [
      { authentication: { jwt: { issuer: "https://i.example", audience: ["a"], algorithms: ["HS256"] } } },
      "authentication.jwt.algorithms[0] must be",
    ],
    [{ authorization: { rules: [{ effect: "allow", tools: ["a"], roles: [] }] } }, "or be left out"],
    [
      { limits: { tools: { search: { calls: 0, seconds: 1 } } } },
      "limits.tools.search.calls must be a whole number",
    ],
    [{ retries: { initialMs: 10, maxMs: 5 } }, "retries.maxMs must not be smaller than initialMs"],
    [{ search: { engines: [] } }, "search.engines must name at least one engine"],
    [{ search: { engines: ["a", "a"] } }, "search.engines must name each engine once"],
    [{ limts: {} }, "limts is not known here; did you mean limits?"],
    [
      { limits: { tools: { a: { calls: 1, second: 1 } } } },
      "limits.tools.a.second is not known here; did you mean seconds?",
    ],
    [{ limits: { zzzzzz: 1 } }, "limits.zzzzzz is not known here; known are caller, tools, engines"],
    [{ audit: { destination: "file" } }, 'audit.destination must be "stdout", not "file"'],
  ])("refuse %j", (changes, message) => {
    expect(() => read(changes)).toThrow(ConfigError);
    expect(() => read(changes)).toThrow(message);
  });

  it("name all that is wrong at once", () => {
    expect(() => read({ server: "", limts: {}, logLevel: "loud" })).toThrow(
      /^server .*; logLevel .*; limts /,
    );
  });

  it("say where a file is no YAML, or can't be read", () => {
    expect(() => readConfig("a: [")).toThrow(/^is no YAML: .* line 1/);
    expect(() => readConfig("a: 1\na: 2")).toThrow("is no YAML: Map keys must be unique");
    expect(() => loadConfig("/nowhere/guard.yaml")).toThrow(
      "can't read /nowhere/guard.yaml (ENOENT); set GUARD_CONFIG",
    );
  });
});
