import { setTimeout as wait } from "node:timers/promises";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import type { SearchEngine } from "../../../components/openWebSearch/engines.ts";
import type { SearchConfig } from "./config.ts";
import { answer, failed, fetchPage, fetchReadme, isArticle, isPublicUrl } from "./fetching.ts";
import { engineName, search } from "./search.ts";

/** Hosts and parts of URLs of the tools that fetch articles. */
const ARTICLES = {
  fetchLinuxDoArticle: ["linux.do", ".json"],
  fetchCsdnArticle: ["blog.csdn.net", "/article/details/"],
  fetchJuejinArticle: ["juejin.cn", "/post/"],
} as const;

/** Arguments of a tool. As upstream's, it says that it takes no others, and ignores them when they come. */
const taking = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.object(shape).meta({ additionalProperties: false });

/**
 * A server for one session, with the tools that upstream has. Source: src/index.ts and
 * src/tools/setupTools.ts.
 */
export function createSearchServer(config: SearchConfig): McpServer {
  const server = new McpServer({ name: "web-search", version: "1.2.0" });
  addSearch(server, config);
  for (const [tool, [host, part]] of Object.entries(ARTICLES)) {
    const url = z
      .url()
      .refine((text) => isArticle(text, host, part), `must be on ${host} and have ${part} in it`);
    server.registerTool(tool, { description: `An article of ${host}`, inputSchema: taking({ url }) }, () =>
      failed(`Failed to fetch article: getaddrinfo ENOTFOUND ${host}`),
    );
  }
  const repository = z.string().min(1).refine(isRepository, "must be a repository of GitHub");
  server.registerTool(
    "fetchGithubReadme",
    { description: "A repository's README", inputSchema: taking({ url: repository }) },
    ({ url }) => fetchReadme(url),
  );
  server.registerTool(
    "fetchWebContent",
    {
      description: "A public page as text",
      inputSchema: taking({
        url: z.url().refine(isPublicUrl, "must be public, and http or https"),
        maxChars: z.number().int().min(1000).max(200_000).default(30_000),
        readability: z.boolean().optional(),
        includeLinks: z.boolean().optional(),
        renderMode: z.enum(["request", "auto", "browser"]).optional(),
      }),
    },
    (options) => fetchPage(options),
  );
  return server;
}

function addSearch(server: McpServer, config: SearchConfig): void {
  const engine = z
    .string()
    .min(1)
    .refine((name) => config.allowed.includes(engineName(name) as SearchEngine), {
      error: `must be one of ${config.allowed.join(", ")}`,
    });
  server.registerTool(
    "search",
    {
      description: `Search with ${config.allowed.join(", ")}`,
      inputSchema: taking({
        query: z.string().min(1),
        limit: z.number().min(1).max(50).default(10),
        engines: z.array(engine).min(1).default([config.default]),
      }),
    },
    async ({ query, limit, engines }, { signal }) => {
      if (query.trim() === "") return failed("Search failed: Query string cannot be empty");
      if (config.searchMode === "playwright")
        return failed("Search failed: browser_unavailable. There is no browser");
      // Who no longer waits gets no answer.
      await wait(config.delayMs, undefined, { signal });
      const names = engines.map((each) => engineName(each) as SearchEngine);
      return answer(JSON.stringify(search(query.trim(), names, limit, config.failing), null, 2));
    },
  );
}

function isRepository(text: string): boolean {
  if (/^git@github\.com:[^/]+\/[^/]+/.test(text)) return true;
  if (!URL.canParse(text)) return false;
  const { hostname, pathname } = new URL(text);
  return /^(www\.)?github\.com$/.test(hostname) && pathname.split("/").filter(Boolean).length >= 2;
}
