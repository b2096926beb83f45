import { expect, test } from "vitest";
import { z } from "zod";
import { startFixture } from "../../conformance/fixture/server.ts";
import { mcp, serverWith, serving } from "./serving.ts";

const { serve } = serving();

const answer = () => ({ content: [] });

const two = serverWith((server) => {
  server.registerTool(
    "search",
    {
      title: "Search",
      description: "Looks things up.\nAnd more",
      inputSchema: {
        query: z.string().describe("What to look for"),
        limit: z.number().int().default(10).describe("How many"),
        engine: z.enum(["bing", "brave"]).optional(),
      },
    },
    answer,
  );
  server.registerTool("ping", {}, answer);
});

test("tools are a table with an argument a line", async () => {
  const url = await serve(two);
  expect(await mcp([url])).toEqual({
    code: 0,
    stderr: "",
    stdout: `fixture 1.2.3 at ${url}: 2 tools

tool    argument  what it is
search            Search. Looks things up. And more.
        query     string. What to look for.
        [limit]   integer, default 10. How many.
        [engine]  string, one of bing, brave.
ping
`,
  });
});

test("as JSON they are what the server says", async () => {
  const { code, stdout } = await mcp([await serve(two), "--json"]);
  const { server, tools } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(server).toEqual({ name: "fixture", version: "1.2.3" });
  expect(tools.map(({ name }: { name: string }) => name)).toEqual(["search", "ping"]);
  expect(tools[0].inputSchema.required).toEqual(["query"]);
});

test("prompts and resources, with templates", async () => {
  const fixture = await startFixture();
  try {
    const { code, stdout } = await mcp([fixture.url.href, "--prompts", "--resources"]);
    expect(code).toBe(0);
    expect(stdout).toContain(": 4 prompts, 4 resources\n");
    expect(stdout).toMatch(/^test_prompt_with_arguments +Fixture\.\n +arg1\n +arg2$/m);
    expect(stdout).toMatch(/^test:\/\/static-text +text\/plain +test:\/\/static-text\. Fixture\.$/m);
    expect(stdout).toMatch(/^test:\/\/template\/\{id\}\/data +template\. Fixture\.$/m);
    const { tools, prompts } = JSON.parse((await mcp([fixture.url.href, "--prompts", "--json"])).stdout);
    expect([tools, prompts.length]).toEqual([undefined, 4]);
  } finally {
    await fixture.close();
  }
});

test("a server without a capability has none of it, and isn't asked", async () => {
  const url = await serve(serverWith(() => {}));
  expect((await mcp([url])).stdout).toBe(`fixture 1.2.3 at ${url}: 0 tools\n`);
  expect((await mcp([url, "--prompts"])).stdout).toBe(`fixture 1.2.3 at ${url}: 0 prompts\n`);
});

test("every page is read, and an endless list ends", async () => {
  const asked: unknown[] = [];
  const paged = (last: number) =>
    serverWith((server) => {
      server.registerTool("first", {}, answer);
      const handlers = server.server as unknown as { _requestHandlers: Map<string, unknown> };
      handlers._requestHandlers.set("tools/list", async (request: { params?: { cursor?: string } }) => {
        const page = Number(request.params?.cursor ?? 0);
        asked.push(page);
        return {
          tools: [{ name: `tool-${page}`, inputSchema: { type: "object" } }],
          ...(page < last ? { nextCursor: String(page + 1) } : {}),
        };
      });
    });
  expect((await mcp([await serve(paged(2))])).stdout).toMatch(/tool-0\ntool-1\ntool-2\n$/);
  expect(asked).toEqual([0, 1, 2]);
  expect((await mcp([await serve(paged(Number.POSITIVE_INFINITY))])).stdout).toContain(": 100 tools\n");
});

test("nothing that a server says steers the terminal", async () => {
  const hostile = "\u001b]0;owned\u0007\u009b31m\u202e";
  const url = await serve(
    serverWith((server) => {
      server.registerTool(
        `t${"est"}`,
        { title: hostile, description: hostile, inputSchema: { a: z.string().describe(hostile) } },
        () => ({ content: [{ type: "text", text: `a\r\nb\t${hostile}` }] }),
      );
    }),
  );
  for (const args of [[url], [url, "--json"], [url, "test", "--arg", "a=1"], [url, "test", "{}"]]) {
    const { stdout, stderr } = await mcp(args);
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n\t]|\p{Cf}/u);
  }
  const { tools } = JSON.parse((await mcp([url, "--json"])).stdout);
  expect(tools[0].title).toBe(hostile);
  expect((await mcp([url, "test", "--arg", "a=1"])).stdout).toBe(
    "a\nb\t\\u001b]0;owned\\u0007\\u009b31m\\u202e\n",
  );
});
