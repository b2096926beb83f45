import { describe, expect, it } from "vitest";
import { checkGuard } from "../../../components/mcpGuard/check.ts";
import { type GuardedSearch, searchGuard } from "../../../components/openWebSearch/guard.ts";

const guard = { image: "example.azurecr.io/mcp/guard:0.1.0", authentication: { tokens: { chat: {} } } };
const guarded = (settings: GuardedSearch = {}, more = {}) => searchGuard({ ...guard, ...more }, settings);

/** What the guard would say to a call of the tool: the first rule that matches decides. */
function allows(settings: GuardedSearch, tool: string, more = {}): boolean {
  const { default: otherwise = "allow", rules = [] } = guarded(settings, more).authorization ?? {};
  const matches = (name: string) => new RegExp(`^${name.replaceAll("*", ".*")}$`).test(tool);
  return (rules.find(({ tools }) => tools.some(matches))?.effect ?? otherwise) === "allow";
}

describe("searchGuard", () => {
  it("is one that the guard's own check accepts", () => {
    expect(() =>
      checkGuard(guarded({ allowedEngines: ["linuxdo", "brave"], transport: "sse" })),
    ).not.toThrow();
  });

  it("allows the engines in order, with the one first that is asked when none is named", () => {
    expect(guarded({ allowedEngines: ["bing", "brave", "exa"], defaultEngine: "brave" }).search).toEqual({
      engines: ["brave", "bing", "exa"],
      fallback: true,
    });
    expect(guarded({ fallback: false }).search?.fallback).toBe(false);
  });

  it("limits every allowed engine, and what somebody else says about one comes on top", () => {
    const rate = { calls: 1, seconds: 9 };
    const { limits } = guarded(
      { allowedEngines: ["bing", "brave"] },
      { limits: { engines: { brave: rate }, tools: { search: rate }, concurrency: 2 } },
    );
    expect(limits?.engines).toEqual({ bing: { calls: 30, seconds: 60 }, brave: rate });
    expect(limits?.tools).toMatchObject({ search: rate, fetchWebContent: { calls: 20, seconds: 60 } });
    expect(limits).toMatchObject({ concurrency: 2, sessions: 200 });
  });

  it("has as many sessions over stdio as its memory has room for processes, unless somebody says how many", () => {
    const sessions = (settings: GuardedSearch, limits = {}) => guarded(settings, { limits }).limits?.sessions;
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "2Gi" } };
    expect(sessions({ transport: "stdio" })).toBe(2);
    expect(sessions({ transport: "stdio", resources })).toBe(9);
    expect(sessions({ transport: "stdio" }, { sessions: 50 })).toBe(50);
    expect(sessions({ transport: "sse", resources })).toBe(200);
  });

  it("passes the older transport on only when it is asked for", () => {
    expect(guarded({ transport: "sse" }).sse).toBe(true);
    for (const transport of ["http", "streamable-http", "stdio"] as const) {
      expect(guarded({ transport }).sse).toBe(false);
    }
  });

  it("closes the tools of engines that aren't allowed", () => {
    expect(allows({}, "search")).toBe(true);
    expect(allows({}, "fetchWebContent")).toBe(true);
    expect(allows({}, "fetchCsdnArticle")).toBe(false);
    expect(allows({ allowedEngines: ["csdn"] }, "fetchCsdnArticle")).toBe(true);
    expect(allows({ allowedEngines: ["csdn"] }, "fetchJuejinArticle")).toBe(false);
  });

  it("closes every way to fetch, whatever other rules say", () => {
    const open = { authorization: { rules: [{ effect: "allow", tools: ["*"] }] } };
    for (const tool of ["fetchWebContent", "fetchGithubReadme", "fetchCsdnArticle"]) {
      expect(allows({ fetchPages: false, allowedEngines: ["csdn"] }, tool, open)).toBe(false);
    }
    expect(allows({ fetchPages: false }, "search", open)).toBe(true);
  });
});
