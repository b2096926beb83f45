import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { McpGuardArgs } from "../../../components/mcpGuard/args.ts";
import { ALGORITHMS } from "../../../components/mcpGuard/args.ts";
import { checkGuard } from "../../../components/mcpGuard/check.ts";
import { guardConfig, TOKENS_DIRECTORY } from "../../../components/mcpGuard/config.ts";
import { GUARD_DEFAULTS } from "../../../components/mcpGuard/defaults.ts";
import { readConfig } from "../../../servers/guard/config.ts";
import { resolved } from "../../support/mocks.ts";
import { configOf, guardOf, runGuarded } from "./guarded.ts";

const ENTRA = {
  issuer: "https://login.microsoftonline.com/tenant/v2.0",
  audience: ["api://search"],
};

const place = { server: "search", port: 3000, upstreamPort: 8080, path: "/mcp" };
const written = (guard: McpGuardArgs) => resolved(guardConfig(guard, place));

describe("the settings that the component writes", () => {
  it.each<[string, Partial<McpGuardArgs>]>([
    ["tokens", {}],
    ["tokens with roles", { authentication: { tokens: { chat: { roles: ["reader"] }, "a.b-c": {} } } }],
    ["a JWT", { authentication: { jwt: ENTRA } }],
    [
      "all there is about a JWT",
      {
        authentication: {
          jwt: {
            ...ENTRA,
            jwksUri: "https://keys.example.com/jwks",
            algorithms: [...ALGORITHMS],
            clockToleranceSeconds: 0,
            subjectClaim: "oid",
            rolesClaim: "groups",
            scopesClaim: "scope",
            egress: [{ cidr: "20.0.0.0/8" }],
          },
        },
      },
    ],
    ["JWT and tokens", { authentication: { jwt: ENTRA, tokens: { chat: {} } } }],
    ["nothing", { authentication: { none: "anyone-may-call" } }],
    [
      "rules",
      {
        authorization: {
          default: "deny",
          rules: [
            { effect: "allow", tools: ["search", "fetch*"], roles: ["reader"] },
            { effect: "deny", tools: ["*"], subjects: ["chat"] },
          ],
        },
      },
    ],
    [
      "limits, breaker and retries",
      {
        limits: {
          caller: { calls: 1, seconds: 1 },
          tools: { search: { calls: 10, seconds: 60 } },
          engines: { bing: { calls: 100, seconds: 3600 } },
          concurrency: 1,
          bodyBytes: 1024,
          requestSeconds: 1,
          callSeconds: 86_400,
          sessions: 1,
          sessionsPerCaller: 1,
          sessionIdleSeconds: 1,
        },
        breaker: { failures: 1, openSeconds: 1 },
        retries: { attempts: 0, initialMs: 1, maxMs: 1, tools: ["search"] },
        search: { engines: ["bing"] },
      },
    ],
    ["search", { search: { tool: "find", enginesArgument: "with", engines: ["a", "b"], fallback: false } }],
    [
      "the rest",
      {
        sse: true,
        allowedOrigins: ["https://chat.example.com"],
        allowedHosts: ["search.mcp.svc.cluster.local"],
        publicUrl: "https://mcp.example.com/search/mcp",
        logLevel: "debug",
      },
    ],
  ])("are what the guard takes: %s", async (_, changes) => {
    const { find } = await runGuarded(changes);
    expect(() => readConfig(configOf(find))).not.toThrow();
  });

  it("send the guard to the server in its own pod", async () => {
    const { find } = await runGuarded({}, { path: "/api/mcp", serverPort: 9000 });
    expect(readConfig(configOf(find))).toMatchObject({
      server: "search",
      listen: { host: "0.0.0.0", port: 3000, path: "/api/mcp" },
      management: { host: "0.0.0.0", port: 9464 },
      upstream: { url: "http://127.0.0.1:9000/api/mcp", sse: false },
    });
  });

  it("send it to the gateway of a stdio server, which it asks seldom: each time starts a process", async () => {
    const { find } = await runGuarded({}, { transport: "stdio", command: "node", port: 3100 });
    expect(readConfig(configOf(find))).toMatchObject({
      listen: { port: 3001 },
      upstream: { url: "http://127.0.0.1:3100/mcp", probeSeconds: 60 },
    });
  });

  it("say where the tokens are and whose roles are whose, and no token", async () => {
    const token = "x".repeat(32);
    const tokens = { chat: { roles: ["reader"], token }, team: {} };
    const { find } = await runGuarded({ authentication: { tokens } });
    expect(readConfig(configOf(find)).authentication).toEqual({
      tokens: { directory: TOKENS_DIRECTORY, roles: { chat: ["reader"], team: [] } },
    });
    expect(configOf(find)).not.toContain(token);
  });

  it("leave out what nobody said, which the guard then decides", async () => {
    expect(Object.keys(parse(await written(guardOf())))).toEqual([
      "server",
      "listen",
      "management",
      "upstream",
      "authentication",
    ]);
  });
});

it("tells the guard's own defaults", async () => {
  const { jwt, search, ...always } = GUARD_DEFAULTS;
  const config = readConfig(
    await written(guardOf({ authentication: { jwt: ENTRA }, search: { engines: ["bing"] } })),
  );
  expect(config).toMatchObject(always);
  expect(config.authentication.jwt).toMatchObject(jwt);
  expect(config.search).toMatchObject(search);
});

describe("whatever the component takes", () => {
  const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const whole = fc.oneof(
    fc.integer({ min: -1, max: 100_000_000 }),
    fc.constantFrom(0, 1, 10, 300, 1000, 1024, 3600, 10_000, 60_000, 86_400, 100_000, 1_000_000, 67_108_864),
  );
  const text = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("search", "*", "", "chat", "api://x"));
  const texts = fc.array(text, { maxLength: 3 });
  const url = fc.oneof(
    fc.webUrl(),
    fc.constantFrom("http://a.b.svc/x", "https://a@b.c/", "https://b.c/#d", "c"),
  );
  const rate = fc.record({ calls: whole, seconds: whole });
  const rates = fc.dictionary(text, rate, { maxKeys: 2 });
  const parts: Partial<Record<keyof McpGuardArgs, fc.Arbitrary<unknown>>> = {
    authentication: fc.oneof(
      fc.record({ tokens: fc.dictionary(text, fc.record({ roles: some(texts) }), { maxKeys: 3 }) }),
      fc.record({
        jwt: fc.record({
          issuer: url,
          audience: texts,
          jwksUri: some(url),
          algorithms: some(fc.subarray([...ALGORITHMS])),
          clockToleranceSeconds: some(whole),
          subjectClaim: some(text),
          egress: fc.constant([{ cidr: "20.0.0.0/8" }]),
        }),
      }),
    ),
    authorization: some(
      fc.record({
        default: fc.constantFrom("allow", "deny", undefined),
        rules: some(
          fc.array(
            fc.record({
              effect: fc.constantFrom("allow", "deny"),
              tools: texts,
              roles: some(texts),
              subjects: some(texts),
            }),
            { maxLength: 2 },
          ),
        ),
      }),
    ),
    limits: some(
      fc.record({
        caller: some(rate),
        tools: some(rates),
        concurrency: some(whole),
        bodyBytes: some(whole),
        requestSeconds: some(whole),
        callSeconds: some(whole),
        sessions: some(whole),
        sessionsPerCaller: some(whole),
        sessionIdleSeconds: some(whole),
      }),
    ),
    breaker: some(fc.record({ failures: some(whole), openSeconds: some(whole) })),
    retries: some(
      fc.record({ attempts: some(whole), initialMs: some(whole), maxMs: some(whole), tools: some(texts) }),
    ),
    search: some(
      fc.record({
        tool: some(text),
        enginesArgument: some(text),
        engines: texts,
        fallback: some(fc.boolean()),
      }),
    ),
    allowedOrigins: some(fc.array(url, { maxLength: 2 })),
    allowedHosts: some(texts),
    publicUrl: some(url),
  };

  it.each(Object.entries(parts))("the guard takes too: %s", async (part, arbitrary) => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(arbitrary, async (value) => {
        const guard = guardOf({ [part]: value });
        try {
          checkGuard(guard);
        } catch {
          return;
        }
        taken++;
        readConfig(await written(guard));
      }),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(0);
  });
});
