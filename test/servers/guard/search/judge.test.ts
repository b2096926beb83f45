import { describe, expect, it } from "vitest";
import { judge } from "../../../../servers/guard/search/judge.ts";

interface Answer {
  engines: string[];
  results?: object[];
  partialFailures?: object[];
}

/** A result as the search server gives it: text that is JSON. */
function result({ engines, results = [], partialFailures = [] }: Answer) {
  const answer = { query: "x", engines, totalResults: results.length, results, partialFailures };
  return { content: [{ type: "text", text: JSON.stringify(answer, null, 2) }] };
}

const found = (engine: string) => ({
  title: "t",
  url: "https://x.example",
  description: "d",
  source: "s",
  engine,
});
// As seen without a network.
const failure = { engine: "bing", code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND cn.bing.com" };
const isError = (text: string) => ({ content: [{ type: "text", text }], isError: true });

describe("a search", () => {
  it("with results is good, and so is one without any that nobody failed in", () => {
    const results = [found("bing"), found("bing")];
    expect(judge(result({ engines: ["bing"], results }))).toEqual({
      failedEngines: [],
      resultCount: 2,
      failed: false,
      hidden: false,
    });
    expect(judge(result({ engines: ["bing"] }))).toEqual({
      failedEngines: [],
      resultCount: 0,
      failed: false,
      hidden: false,
    });
  });

  it("failed if its engines did and nothing was found", () => {
    const nothing = result({ engines: ["bing"], partialFailures: [failure, failure] });
    expect(judge(nothing)).toEqual({ failedEngines: ["bing"], resultCount: 0, failed: true, hidden: false });
  });

  it("that found something is good, though one of its engines failed", () => {
    const some = result({
      engines: ["bing", "brave"],
      results: [found("brave")],
      partialFailures: [failure],
    });
    expect(judge(some)).toEqual({ failedEngines: ["bing"], resultCount: 1, failed: false, hidden: false });
  });

  it.each(["duckduckgo", "exa", "juejin", "linuxdo"])(
    "that found nothing in %s, which hides its failures, failed",
    (engine) => {
      expect(judge(result({ engines: [engine] }))).toEqual({
        failedEngines: [engine],
        resultCount: 0,
        failed: true,
        hidden: true,
      });
      const results = [found(engine)];
      expect(judge(result({ engines: [engine], results }))).toEqual({
        failedEngines: [],
        resultCount: 1,
        failed: false,
        hidden: false,
      });
    },
  );

  it.each([
    ["Search failed: browser_unavailable. Playwright client cannot be loaded", true],
    ["Search failed: Unknown error", true],
    ["Search failed: Query string cannot be empty", false],
    [
      'MCP error -32602: Input validation error: Invalid arguments for tool search: [{"path":["query"]}]',
      false,
    ],
  ])("that answers with the error %j: another engine helps, %s", (text, failed) => {
    expect(judge(isError(text))).toEqual({
      failedEngines: [],
      resultCount: undefined,
      failed,
      hidden: false,
    });
  });

  it("may have its answer as structured content", () => {
    const structuredContent = { engines: ["bing"], results: [], partialFailures: [failure] };
    expect(judge({ content: [], structuredContent }).failed).toBe(true);
    expect(judge({ content: [{ type: "text", text: "2 results" }], structuredContent }).resultCount).toBe(0);
  });
});

describe("a result that isn't a search's", () => {
  it.each([
    undefined,
    null,
    "text",
    {},
    { content: "text" },
    { content: [] },
    { content: [{ type: "image", data: "…" }] },
    { content: [{ type: "text", text: "not JSON {" }] },
    { content: [{ type: "text", text: '{"results": 3}' }] },
    { content: [{ type: "text", text: '[{"results": []}]' }] },
    { content: [{ type: "text", text: '{"results": [], "partialFailures": "many"}' }] },
  ])("is passed on without a judgement: %j", (value) => {
    expect(judge(value)).toEqual({ failedEngines: [], resultCount: undefined, failed: false, hidden: false });
  });
});
