import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { serve } from "./fixture.ts";
import {
  callOf,
  closing,
  connect,
  Deadlines,
  guard,
  guardedFixture,
  messagesOf,
  openSession,
  post,
  refusal,
} from "./helpers.ts";

const search = {
  tool: "search",
  enginesArgument: "engines",
  engines: ["bing", "duckduckgo", "brave"],
  fallback: true,
};

/** What the fixture's search says. */
const found = (result: unknown) =>
  JSON.parse((result as { content: { text: string }[] }).content[0]?.text ?? "");

describe.each([{ json: false }, { json: true }])("a search whose server answers $json", ({ json }) => {
  it("asks the first allowed engine if it names none, and says so", async () => {
    const { front } = await guardedFixture({ search }, { json });
    const client = await connect(front.url);
    const result = await client.callTool({ name: "search", arguments: { query: "cats" } });
    expect(found(result)).toMatchObject({ engines: ["bing"], totalResults: 1 });
    expect(result._meta).toEqual({ "mcp-guard/engines": { asked: ["bing"], answered: ["bing"] } });
    expect(front.audit).toMatchObject([
      { tool: "search", query: "cats", engines: ["bing"], resultCount: 1, outcome: "ok" },
    ]);
  });

  it.each(["fails", "throws"] as const)("falls back to the next engine when one %s", async (how) => {
    const { front, fixture } = await guardedFixture({ search }, { json });
    fixture.engines["bing"] = how;
    const client = await connect(front.url);
    const result = await client.callTool({ name: "search", arguments: { query: "cats" } });
    expect(found(result)).toMatchObject({ engines: ["duckduckgo"], totalResults: 1 });
    expect(result._meta).toEqual({
      "mcp-guard/engines": { asked: ["bing", "duckduckgo"], answered: ["duckduckgo"] },
    });
    expect(front.audit).toMatchObject([{ engines: ["bing", "duckduckgo"], resultCount: 1, outcome: "ok" }]);
    const metrics = await front.metrics();
    expect(metrics).toContain('mcp_guard_engine_fallbacks_total{engine="bing",server="fixture"} 1');
    for (const engine of ["bing", "duckduckgo"]) {
      expect(metrics).toContain(`mcp_guard_engine_requests_total{engine="${engine}",server="fixture"} 1`);
    }
    expect(metrics).toContain(
      'mcp_guard_engine_failures_total{engine="bing",reason="blocked",server="fixture"} 1',
    );
    expect(metrics).toContain('mcp_guard_calls_running{server="fixture"} 0');
  });

  it.each([
    ["an error", { bing: "throws", duckduckgo: "hides", brave: "throws" }, /^Search failed: bing blocked$/],
    ["a named failure", { bing: "fails", brave: "throws", duckduckgo: "hides" }, /"engine":"bing","code"/],
  ] as const)("passes on %s, the first, when all engines fail", async (_what, engines, said) => {
    const allowed = ["bing", "brave", "duckduckgo"];
    const { front, fixture } = await guardedFixture({ search: { ...search, engines: allowed } }, { json });
    Object.assign(fixture.engines, engines);
    const client = await connect(front.url);
    const result = await client.callTool({ name: "search", arguments: { query: "cats" } });
    expect((result["content"] as { text: string }[])[0]?.text).toMatch(said);
    expect(result._meta).toEqual({ "mcp-guard/engines": { asked: allowed, answered: [] } });
    expect(front.audit).toMatchObject([{ engines: allowed, outcome: "tool-error" }]);
  });

  it("passes on a failure that comes after one that was hidden", async () => {
    const allowed = ["duckduckgo", "bing", "exa"];
    const { front, fixture } = await guardedFixture({ search: { ...search, engines: allowed } }, { json });
    Object.assign(fixture.engines, { duckduckgo: "hides", bing: "fails", exa: "hides" });
    const client = await connect(front.url);
    const result = await client.callTool({ name: "search", arguments: { query: "cats" } });
    expect(found(result)).toMatchObject({ totalResults: 0, partialFailures: [{ engine: "bing" }] });
    expect(front.audit).toMatchObject([{ engines: allowed, resultCount: 0, outcome: "tool-error" }]);
  });
});

describe("a search", () => {
  it("still shows progress, of every attempt", async () => {
    const { front, fixture } = await guardedFixture({ search });
    fixture.engines["bing"] = "fails";
    const client = await connect(front.url);
    const seen: unknown[] = [];
    const call = { name: "search", arguments: { query: "cats", engines: ["bing"] } };
    const result = await client.callTool(call, undefined, {
      onprogress: ({ message }) => seen.push(message),
    });
    expect(seen).toEqual(["bing", "duckduckgo"]);
    expect(found(result)).toMatchObject({ totalResults: 1 });
  });

  it("is refused other engines, in words that a model can read", async () => {
    const { front, fixture } = await guardedFixture({ search });
    const session = await openSession(front.url);
    fixture.received.length = 0;
    for (const args of [
      { query: "cats", engines: ["baidu"] },
      { query: "cats", engines: "baidu" },
      { query: "cats", Engines: ["baidu"] },
    ]) {
      const response = await post(front.url, callOf("search", args, 3), session);
      expect(response.status).toBe(200);
      expect(await messagesOf(response)).toMatchObject([{ id: 3, error: { code: -32_602 } }]);
    }
    const named = await post(front.url, callOf("search", { engines: ["baidu"] }), session);
    expect(await named.text()).toContain("bing, duckduckgo, brave");
    expect(fixture.received).toEqual([]);
    expect(front.audit[0]).toMatchObject({ outcome: "refused" });
  });

  it("skips an engine whose budget is used up", async () => {
    const engines = { duckduckgo: { calls: 1, seconds: 60 } };
    const { front, fixture } = await guardedFixture({ search, limits: { engines } });
    fixture.engines["bing"] = "fails";
    const client = await connect(front.url);
    const asked = async () => {
      const { _meta } = await client.callTool({ name: "search", arguments: { query: "cats" } });
      return _meta?.["mcp-guard/engines"];
    };
    expect(await asked()).toMatchObject({ asked: ["bing", "duckduckgo"] });
    expect(await asked()).toMatchObject({ asked: ["bing", "brave"] });
    expect(await front.metrics()).toContain('mcp_guard_limits_hit_total{limit="engine",server="fixture"} 1');
  });

  it("goes to one engine only where falling back is off", async () => {
    const { front, fixture } = await guardedFixture({ search: { ...search, fallback: false } });
    fixture.engines["bing"] = "fails";
    const client = await connect(front.url);
    const result = await client.callTool({ name: "search", arguments: { query: "cats" } });
    expect(found(result)).toMatchObject({ totalResults: 0, partialFailures: [{ engine: "bing" }] });
    expect(front.audit).toMatchObject([{ engines: ["bing"], outcome: "tool-error" }]);
  });

  it("whose time is over in its second engine doesn't speak against the server, which has answered", async () => {
    const again = Promise.withResolvers<void>();
    const upstream = closing(
      await serve(async (req, res) => {
        if ((await text(req)).includes("duckduckgo")) return again.resolve();
        const result = { content: [{ type: "text", text: "Search failed: blocked" }], isError: true };
        const json = { "content-type": "application/json" };
        res.writeHead(200, json).end(JSON.stringify({ jsonrpc: "2.0", id: 1, result }));
      }),
    );
    const deadlines = new Deadlines();
    const front = await guard(upstream.url, { search, breaker: { failures: 1 } }, { deadlines });
    const answer = post(front.url, callOf("search", { query: "cats" }));
    await again.promise;
    deadlines.pass();
    expect(await refusal(await answer)).toMatchObject({ status: 504, code: -32_031 });
    expect(await front.metrics()).toContain('mcp_guard_breaker_state{server="fixture"} 0');
  });

  it("in which one engine found nothing, honestly, is no error, whatever the others did", async () => {
    const { front, fixture } = await guardedFixture({ search });
    Object.assign(fixture.engines, { bing: "fails", duckduckgo: "hides", brave: "hides" });
    const client = await connect(front.url);
    const result = await client.callTool({ name: "search", arguments: { query: "cats" } });
    expect(found(result)).toMatchObject({ engines: ["brave"], totalResults: 0, partialFailures: [] });
    expect(result._meta).toMatchObject({ "mcp-guard/engines": { answered: ["brave"] } });
    expect(front.audit).toMatchObject([{ engines: search.engines, resultCount: 0, outcome: "ok" }]);
  });
});
