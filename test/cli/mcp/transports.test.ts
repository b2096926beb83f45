import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { mcp, serverWith, serving } from "./serving.ts";

const { serveSse } = serving();

const say = serverWith((server) => {
  server.registerTool("say", { inputSchema: { message: z.string() } }, ({ message }) => ({
    content: [{ type: "text", text: message }],
  }));
});

test("HTTP with SSE, which a URL that ends in /sse means", async () => {
  const url = await serveSse(say);
  const { code, stdout } = await mcp([url, "say", "--arg", "message=hi"]);
  expect([code, stdout]).toEqual([0, "hi\n"]);
});

test("a program's stdio, whose stderr is shown", async () => {
  const dir = await mkdtemp(join(tmpdir(), "mcp-"));
  const sdk = (path: string) => import.meta.resolve(`@modelcontextprotocol/sdk/${path}`);
  const program = join(dir, "server.mjs");
  await writeFile(
    program,
    `import { McpServer } from "${sdk("server/mcp.js")}";
    import { StdioServerTransport } from "${sdk("server/stdio.js")}";
    const server = new McpServer({ name: "stdio", version: "1" });
    const given = process.argv.slice(2).join(" ") + " token " + process.env.MCP_TOKEN;
    server.registerTool("given", {}, () => ({ content: [{ type: "text", text: given }] }));
    console.error("starting\\u001b[31m");
    await server.connect(new StdioServerTransport());`,
  );
  try {
    const args = ["--transport", "stdio", "given", "--", process.execPath, program, "--flag", "--json"];
    expect(await mcp(args, { PATH: "/none", MCP_TOKEN: "secret" })).toEqual({
      code: 0,
      stdout: "--flag --json token undefined\n",
      stderr: "starting\\u001b[31m\n",
    });
  } finally {
    await rm(dir, { recursive: true });
  }
});

test.each([
  [["--transport", "stdio"], 2, "--transport stdio needs the server's command after --"],
  [["--transport", "stdio", "--header", "a=b", "--", "x"], 2, "--header is for HTTP"],
  [["http://localhost/mcp", "--", "x"], 2, "a command after -- is for --transport stdio"],
  [["--transport", "stdio", "--", "/no/such/program"], 1, "there is no program /no/such/program"],
  [["--transport", "stdio", "--", process.execPath, "-e", "0"], 1, "ended before it answered"],
])("%j", async (args, code, message) => {
  expect(await mcp(args)).toEqual({ code, stdout: "", stderr: expect.stringContaining(message) });
});
