import { describe, expect, it } from "vitest";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";

const LEAST = { location: "eastus" };
const echo = { transport: "http", image: "mcp/echo:0.1.0" };
const entra = { issuer: "https://login.microsoftonline.com/tenant/v2.0", audience: ["api://x"] };

function problemsOf(input: object): string[] {
  try {
    parseSettings({ ...LEAST, ...input }, "dev");
  } catch (error) {
    if (error instanceof SettingsError) return [...error.problems];
    throw error;
  }
  return [];
}

describe("the settings of the guard", () => {
  it("ask every caller for a token where nothing is said", () => {
    const { mcpGuard, mcpServers } = parseSettings({ ...LEAST, mcpServers: { echo } }, "dev");
    expect(mcpGuard).toEqual({
      authentication: { tokens: { callers: { team: {} } } },
      allowedOrigins: [],
    });
    expect(mcpServers["echo"]?.guard).toEqual({ mode: "sidecar", sse: false });
  });

  it.each<[string, object]>([
    ["Entra ID", { mcpGuard: { authentication: { jwt: entra } } }],
    ["both", { mcpGuard: { authentication: { jwt: entra, tokens: { callers: { chat: {} } } } } }],
    ["nobody's", { mcpGuard: { authentication: { none: "anyone-may-call" } } }],
    ["none before one server", { mcpServers: { echo: { ...echo, guard: { mode: "none" } } } }],
    [
      "a search server's",
      {
        mcpServers: {
          search: {
            ...echo,
            guard: {
              search: { engines: ["bing"] },
              limits: {
                tools: { search: { calls: 1, seconds: 1 } },
                engines: { bing: { calls: 1, seconds: 1 } },
              },
              sse: true,
            },
          },
        },
      },
    ],
    [
      "a server's that scales out",
      {
        mcpServers: {
          a: { ...echo, runtime: "deployment", autoscaling: { maxReplicas: 3 }, sessions: "stateless" },
        },
      },
    ],
    ["a built server's", { mcpServers: { a: { transport: "http", build: "echo", runtime: "deployment" } } }],
  ])("can be %s", (_, input) => {
    expect(problemsOf(input)).toEqual([]);
  });

  it.each<[string, object, string, RegExp]>([
    [
      "no way to say who one is",
      { mcpGuard: { authentication: {} } },
      "mcpGuard.authentication",
      /found {4}\{\}\n {2}allowed {2}jwt, tokens or both; .* none: "anyone-may-call"\n {2}example/,
    ],
    [
      "none in other words",
      { mcpGuard: { authentication: { none: "yes" } } },
      "mcpGuard.authentication.none",
      /found {4}"yes"\n {2}allowed {2}"anyone-may-call"/,
    ],
    [
      "none beside tokens",
      { mcpGuard: { authentication: { none: "anyone-may-call", tokens: { callers: { a: {} } } } } },
      "mcpGuard.authentication.none",
      /left out where there are jwt or tokens/,
    ],
    [
      "a caller's name",
      { mcpGuard: { authentication: { tokens: { callers: { "The Team": {} } } } } },
      "mcpGuard.authentication.tokens.callers.The Team",
      /found {4}the name "The Team"\n {2}allowed {2}callers by name, each 1 to 63/,
    ],
    [
      "an issuer by http",
      { mcpGuard: { authentication: { jwt: { ...entra, issuer: "http://a.example" } } } },
      "mcpGuard.authentication.jwt.issuer",
      /an https URL/,
    ],
    [
      "an issuer without addresses",
      { mcpGuard: { authentication: { jwt: { ...entra, issuer: "https://a.example" } } } },
      "mcpGuard.authentication.jwt.egress",
      /found {4}nothing\n {2}allowed {2}a list of the addresses of a.example/,
    ],
    [
      "a signature that is none",
      { mcpGuard: { authentication: { jwt: { ...entra, algorithms: ["none"] } } } },
      "mcpGuard.authentication.jwt.algorithms[0]",
      /allowed {2}"RS256", /,
    ],
    [
      "a limit in words",
      { mcpGuard: { limits: { concurrency: "many" } } },
      "mcpGuard.limits.concurrency",
      /found {4}"many"\n {2}allowed {2}a whole number from 1 to 10000 \(calls\)\n {2}example {2}32/,
    ],
    [
      "a limit by tool for all servers",
      { mcpGuard: { limits: { tools: {} } } },
      "mcpGuard.limits.tools",
      /a key that doesn't exist/,
    ],
    [
      "a first delay above the longest",
      { mcpGuard: { retries: { initialMs: 3000 } } },
      "mcpGuard.retries.initialMs",
      /found {4}3000\n {2}allowed {2}at most maxMs, which is 2000/,
    ],
    [
      "an origin with a path",
      { mcpGuard: { allowedOrigins: ["https://a.example/x"] } },
      "mcpGuard.allowedOrigins[0]",
      /an origin/,
    ],
    [
      "a rule for no tool",
      {
        mcpServers: { a: { ...echo, guard: { authorization: { rules: [{ effect: "deny", tools: [] }] } } } },
      },
      "mcpServers.a.guard.authorization.rules[0].tools",
      /found {4}\[\]/,
    ],
    [
      "rules of a guard that isn't there",
      { mcpServers: { a: { ...echo, guard: { mode: "none", authorization: { default: "deny" } } } } },
      "mcpServers.a.guard.authorization",
      /nothing, because mode is "none"/,
    ],
    [
      "a limit of an engine that isn't asked",
      {
        mcpServers: {
          a: {
            ...echo,
            guard: { search: { engines: ["bing"] }, limits: { engines: { bign: { calls: 1, seconds: 1 } } } },
          },
        },
      },
      "mcpServers.a.guard.limits.engines.bign",
      /an engine of guard.search.engines/,
    ],
    [
      "an issuer in the cluster",
      { mcpGuard: { authentication: { jwt: { ...entra, issuer: "https://id.auth.svc/realms/a" } } } },
      "mcpGuard.authentication.jwt.issuer",
      /allowed {2}a URL outside the cluster, such as its ingress, instead of the Service id.auth.svc: public/,
    ],
  ])("explain %s", (_, input, key, text) => {
    const problems = problemsOf(input);
    expect(problems.map((problem) => problem.split("\n")[0])).toEqual([`mcpaas:${key}`]);
    expect(problems[0]).toMatch(text);
  });
});
