import { describe, expect, it } from "vitest";
import { judge as judged } from "../../../../servers/guard/search/judge.ts";

/** The judgement without the reasons, which have a test of their own. */
const judge = (value: unknown) => {
  const { reasonOf: _, ...judgement } = judged(value);
  return judgement;
};

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

describe("why an engine failed", () => {
  it.each([
    ["rate-limited", { code: "ERR_BAD_REQUEST", message: "Request failed with status code 429" }],
    ["rate-limited", { code: "engine_error", message: "403: Too Many Requests" }],
    ["blocked", { code: "ERR_BAD_REQUEST", message: "Request failed with status code 403" }],
    ["blocked", { code: "engine_error", message: "Baidu asks for a CAPTCHA" }],
    ["timeout", { code: "ECONNABORTED", message: "timeout of 10000ms exceeded" }],
    ["unavailable", failure],
    ["unavailable", { code: "ERR_BAD_RESPONSE", message: "Request failed with status code 503" }],
    ["other", { code: "engine_error", message: "Cannot read properties of undefined" }],
    // The number is no status: a page may have any.
    ["other", { message: "unexpected token at 14290" }],
    ["other", {}],
  ])("is %s for %j", (reason, said) => {
    const nothing = result({ engines: ["bing"], partialFailures: [{ ...said, engine: "Bing" }] });
    expect(judged(nothing).reasonOf("bing")).toBe(reason);
  });

  it("is known of those that hide it, and of an error that names none", () => {
    expect(judged(result({ engines: ["exa"] })).reasonOf("exa")).toBe("silent");
    expect(judged(isError("Search failed: HTTP 429")).reasonOf("bing")).toBe("rate-limited");
  });
});

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
