import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, describe, expect, it } from "vitest";
import { SEARCH_ENGINES } from "../../../components/openWebSearch/engines.ts";
import { readConfig } from "../../../rehearsal/servers/openWebSearch/config.ts";
import { DOCUMENTS } from "../../../rehearsal/servers/openWebSearch/documents.ts";
import { serveHttp } from "../../../rehearsal/servers/openWebSearch/http.ts";
import { createSearchServer } from "../../../rehearsal/servers/openWebSearch/tools.ts";
import { createSearch } from "../../../servers/guard/search/index.ts";
import { initialize, post, request } from "../../servers/mcp-http/helpers.ts";
import { listening } from "../../servers/mcp-http/program.ts";
import { facts } from "./facts.ts";

const MAIN = join(import.meta.dirname, "../../../rehearsal/servers/openWebSearch/main.ts");
const running: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

async function serve(env: Record<string, string> = {}): Promise<URL> {
  const config = readConfig(env);
  const server = await serveHttp(() => createSearchServer(config), "127.0.0.1", 0);
  running.push(server);
  return server.url;
}

async function connect(transport: Transport): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  running.push(client);
  return client;
}

async function client(env?: Record<string, string>): Promise<Client> {
  return connect(new StreamableHTTPClientTransport(await serve(env)));
}

async function call(on: Client, name: string, args: object): Promise<{ isError: boolean; text: string }> {
  const { content, isError = false } = (await on.callTool({
    name,
    arguments: { ...args },
  })) as CallToolResult;
  return { isError, text: content[0]?.type === "text" ? content[0].text : "" };
}

async function search(on: Client, args: object) {
  const { isError, text } = await call(on, "search", args);
  expect(isError, text).toBe(false);
  return JSON.parse(text);
}

describe("its tools", () => {
  // tools.json is what the real server listed at the pinned commit with these variables, without its words.
  const env = { DEFAULT_SEARCH_ENGINE: "bing", ALLOWED_SEARCH_ENGINES: "bing,duckduckgo,startpage" };

  it("take what the real server's take", async () => {
    const recorded = JSON.parse(readFileSync(join(import.meta.dirname, "tools.json"), "utf8"));
    expect(facts((await (await client(env)).listTools()).tools)).toEqual(recorded);
  });

  it("take no others, and ignore them as the real server's do", async () => {
    expect((await search(await client(env), { query: "AKS", searchMode: "request" })).totalResults).toBe(10);
  });
});

/** Those that upstream answers for as if they had found nothing. */
const HIDING_ENGINES = ["duckduckgo", "exa", "juejin", "linuxdo"];

describe("search", () => {
  it("answers a question about AKS, the release notes first", async () => {
    const answer = await search(await client(), { query: "What are the latest features in AKS?", limit: 3 });
    expect(Object.keys(answer)).toEqual(["query", "engines", "totalResults", "results", "partialFailures"]);
    expect(answer).toMatchObject({ engines: ["bing"], totalResults: 3, partialFailures: [] });
    expect(Object.keys(answer.results[0])).toEqual(["title", "url", "description", "source", "engine"]);
    expect(answer.results[0].title).toMatch(/latest features/);
  });

  it("shares the limit between engines, and knows their other spellings", async () => {
    const answer = await search(await client(), { query: "AKS", engines: ["Duck Duck-Go", "HN"], limit: 5 });
    const counted = answer.results.map(({ engine }: { engine: string }) => engine);
    expect(counted.toSorted()).toEqual([
      ...["duckduckgo", "duckduckgo", "duckduckgo"],
      ...["hackernews", "hackernews"],
    ]);
  });

  it("refuses engines that aren't allowed, and an empty query, in an answer", async () => {
    const on = await client({ ALLOWED_SEARCH_ENGINES: "brave" });
    const wrong = await call(on, "search", { query: "AKS", engines: ["bing"] });
    expect(wrong).toMatchObject({ isError: true, text: expect.stringMatching(/Input validation error/) });
    expect(await call(on, "search", { query: " " })).toEqual({
      isError: true,
      text: "Search failed: Query string cannot be empty",
    });
  });

  it("fails each engine as the real one fails: some name the failure, some find nothing", async () => {
    const on = await client({ FAILING_ENGINES: "all" });
    const named: string[] = [];
    for (const engine of SEARCH_ENGINES) {
      const { totalResults, partialFailures } = await search(on, { query: "AKS", engines: [engine] });
      expect(totalResults).toBe(0);
      if (partialFailures.length > 0) named.push(partialFailures[0].engine);
    }
    expect(named).toEqual(["baidu", "bing", "csdn", "brave", "startpage", "sogou", "hackernews"]);
  });

  it("fails in ways that the guard takes for failures, of every engine", async () => {
    const on = await client({ FAILING_ENGINES: "all" });
    const guard = createSearch({
      tool: "search",
      enginesArgument: "engines",
      engines: [...SEARCH_ENGINES],
      fallback: true,
    });
    for (const engine of SEARCH_ENGINES) {
      const result = await on.callTool({ name: "search", arguments: { query: "AKS", engines: [engine] } });
      const failed = { failedEngines: [engine], resultCount: 0, failed: true };
      const hidden = HIDING_ENGINES.includes(engine);
      const judged = guard?.judge(result);
      expect(judged).toMatchObject({ ...failed, hidden });
      // What is hidden has no words that could say why.
      expect(judged?.reasonOf(engine)).toBe(hidden ? "silent" : "unavailable");
    }
  });

  it("keeps the results of the engine that works", async () => {
    const on = await client({ FAILING_ENGINES: "bing" });
    const answer = await search(on, { query: "AKS", engines: ["bing", "brave"], limit: 4 });
    expect(answer.partialFailures).toMatchObject([{ engine: "bing", code: "ENOTFOUND" }]);
    expect(new Set(answer.results.map(({ engine }: { engine: string }) => engine))).toEqual(
      new Set(["brave"]),
    );
  });

  it("fails altogether with a browser that isn't there", async () => {
    const on = await client({ SEARCH_MODE: "playwright" });
    expect(await call(on, "search", { query: "AKS" })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^Search failed: browser_unavailable/),
    });
  });
});

describe("the tools that fetch", () => {
  it("give the pages that a search finds, as much of them as is asked for", async () => {
    const on = await client();
    const { url = "", title } = DOCUMENTS[0] ?? {};
    const page = JSON.parse((await call(on, "fetchWebContent", { url })).text);
    expect(page).toMatchObject({ url, finalUrl: url, title, retrievalMethod: "request", truncated: false });
  });

  it.each([
    ["fetchWebContent", "http://169.254.169.254/metadata", /Input validation error/],
    ["fetchWebContent", "http://[fd00::1]/", /Input validation error/],
    ["fetchWebContent", "http://localhost./", /Input validation error/],
    ["fetchWebContent", "file:///etc/passwd", /Input validation error/],
    ["fetchWebContent", "https://example.com/", /^Failed to fetch web content: /],
    ["fetchGithubReadme", "https://github.com/example/nothing", /^README not found/],
    ["fetchCsdnArticle", "https://example.com/article/details/1", /Input validation error/],
    ["fetchJuejinArticle", "https://juejin.cn/post/1", /^Failed to fetch article: /],
  ])("%s fails for %s", async (tool, url, text) => {
    expect(await call(await client(), tool, { url })).toMatchObject({
      isError: true,
      text: expect.stringMatching(text),
    });
  });
});

describe("its transports", () => {
  it("answer 400 where there is no session, as the real one does", async () => {
    const url = await serve();
    const list = request("tools/list");
    const nobody = await post(url, list, { "mcp-session-id": "nobody" });
    expect(nobody.status).toBe(400);
    expect(await nobody.json()).toMatchObject({ error: { code: -32000 }, id: null });
    expect((await post(url, list)).status).toBe(400);
    expect((await fetch(url)).status).toBe(400);
  });

  it("let any Origin in, which is for the guard to refuse", async () => {
    const response = await post(await serve(), initialize, { origin: "http://evil.example" });
    await response.text();
    expect(response.status).toBe(200);
  });

  it("include the older one", async () => {
    const on = await connect(new SSEClientTransport(new URL("/sse", await serve())));
    expect((await search(on, { query: "KAITO", limit: 1 })).totalResults).toBe(1);
  });

  it("are those of its program too, over HTTP and over standard input", async () => {
    const { url } = await listening(MAIN, { MODE: "http", ALLOWED_SEARCH_ENGINES: "brave" });
    const http = await connect(new StreamableHTTPClientTransport(url));
    expect((await search(http, { query: "KAITO" })).engines).toEqual(["brave"]);
    const stdio = await connect(
      new StdioClientTransport({ command: process.execPath, args: [MAIN], env: { MODE: "stdio" } }),
    );
    expect((await search(stdio, { query: "KAITO" })).engines).toEqual(["bing"]);
  });
});

describe("readConfig", () => {
  it("reads a list of unknown engines as all, and a default that isn't allowed as the first that is", () => {
    expect(readConfig({ ALLOWED_SEARCH_ENGINES: "google" }).allowed).toEqual(SEARCH_ENGINES);
    expect(
      readConfig({ ALLOWED_SEARCH_ENGINES: "exa,google,brave", DEFAULT_SEARCH_ENGINE: "bing" }),
    ).toMatchObject({
      allowed: ["exa", "brave"],
      default: "exa",
    });
    expect(readConfig({ DEFAULT_SEARCH_ENGINE: "google" }).default).toBe("bing");
  });
});
