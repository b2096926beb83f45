import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import * as pulumi from "@pulumi/pulumi";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { guardConfig } from "../../../components/mcpGuard/config.ts";
import { type GuardedSearch, searchGuard } from "../../../components/openWebSearch/guard.ts";
import { searchEnv } from "../../../components/openWebSearch/pod.ts";
import { readConfig } from "../../../rehearsal/servers/openWebSearch/config.ts";
import { serveHttp } from "../../../rehearsal/servers/openWebSearch/http.ts";
import { createSearchServer } from "../../../rehearsal/servers/openWebSearch/tools.ts";
import { checkConfig } from "../../../servers/guard/config.ts";
import { startGuard } from "../../../servers/guard/server.ts";
import { resolved } from "../../support/mocks.ts";

const running: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

/** The server with the environment that its pod has, behind the guard with the settings that its pod has. */
async function guarded(settings: GuardedSearch, env: Record<string, string> = {}) {
  const config = readConfig({ ...searchEnv(settings), ...env });
  const server = await serveHttp(() => createSearchServer(config), "127.0.0.1", 0);
  running.push(server);
  const args = searchGuard({ image: "x:1", authentication: { none: "anyone-may-call" } }, settings);
  const place = { server: "search", port: 1, upstreamPort: Number(server.url.port), path: "/mcp" };
  const file = parse(await resolved(pulumi.output(guardConfig(args, place))));
  const here = { host: "127.0.0.1", port: 0 };
  const audit: Record<string, unknown>[] = [];
  const guard = await startGuard(
    checkConfig({ ...file, listen: { ...file.listen, ...here }, management: here }),
    { log: pino({ level: "silent" }), write: (line) => audit.push(JSON.parse(line)) },
  );
  running.push(guard);
  return { url: guard.url, audit };
}

async function connect(transport: Transport): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  running.push(client);
  return client;
}

async function search(client: Client, args: object = {}) {
  const { content } = await client.callTool({
    name: "search",
    arguments: { query: "AKS", limit: 2, ...args },
  });
  return JSON.parse((content as { text: string }[])[0]?.text ?? "");
}

describe("web search as it is deployed", () => {
  it("asks the default engine, and writes down who asked what", async () => {
    const { url, audit } = await guarded({ allowedEngines: ["bing", "brave"], defaultEngine: "brave" });
    const client = await connect(new StreamableHTTPClientTransport(url));
    expect(await search(client)).toMatchObject({ engines: ["brave"], totalResults: 2 });
    expect(audit).toMatchObject([{ tool: "search", query: "AKS", engines: ["brave"], resultCount: 2 }]);
  });

  it.each(["startpage", "duckduckgo"])(
    "asks the next engine when %s fails in its own way",
    async (engine) => {
      const settings = { allowedEngines: [engine, "hackernews"] };
      const { url } = await guarded(settings, { FAILING_ENGINES: engine });
      const client = await connect(new StreamableHTTPClientTransport(url));
      expect(await search(client)).toMatchObject({ engines: ["hackernews"], totalResults: 2 });
    },
  );

  it("refuses an engine that isn't allowed, in any spelling", async () => {
    const { url } = await guarded({ allowedEngines: ["bing"] });
    const client = await connect(new StreamableHTTPClientTransport(url));
    for (const engine of ["brave", "Duck Duck Go", "google"]) {
      await expect(search(client, { engines: [engine] })).rejects.toThrow(/allowed are: bing/);
    }
  });

  it("shows only the tools that may be called", async () => {
    const tools = async (settings: GuardedSearch) => {
      const client = await connect(new StreamableHTTPClientTransport((await guarded(settings)).url));
      return (await client.listTools()).tools.map(({ name }) => name).toSorted();
    };
    expect(await tools({})).toEqual(["fetchGithubReadme", "fetchWebContent", "search"]);
    expect(await tools({ fetchPages: false })).toEqual(["search"]);
  });

  it("has the older transport only where it is asked for", async () => {
    const sse = await guarded({ transport: "sse" });
    const client = await connect(new SSEClientTransport(new URL("/sse", sse.url)));
    expect(await search(client)).toMatchObject({ totalResults: 2 });
    const { status } = await fetch(new URL("/sse", (await guarded({})).url));
    expect(status).toBe(404);
  });
});
