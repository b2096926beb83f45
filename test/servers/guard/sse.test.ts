import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { describe, expect, it } from "vitest";
import type { Changes } from "./helpers.ts";
import { callOf, closing, Deadlines, guardedFixture, post, refusal } from "./helpers.ts";

async function connected(changes: Changes = {}, deadlines?: Deadlines) {
  const { fixture, front } = await guardedFixture({ upstream: { sse: true }, ...changes }, { deadlines });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new SSEClientTransport(new URL("/sse", front.url)));
  return { fixture, front, client: closing(client) };
}

describe("the SSE transport", () => {
  it("isn't there unless the settings say so", async () => {
    const { front } = await guardedFixture();
    expect((await fetch(new URL("/sse", front.url))).status).toBe(404);
  });

  it("is the same server for the official client, and audited alike", async () => {
    const { front, client } = await connected({
      authorization: { default: "allow", rules: [{ effect: "deny", tools: ["write"] }] },
    });
    expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain("write");
    const result = await client.callTool({ name: "echo", arguments: { message: "hi" } });
    expect(result).toMatchObject({ content: [{ text: "Echo: hi" }] });
    await expect(client.callTool({ name: "write" })).rejects.toThrow("You may not call");
    expect(front.audit.map(({ tool, outcome }) => [tool, outcome])).toEqual([
      ["echo", "ok"],
      ["write", "denied"],
    ]);
    expect(await front.metrics()).toContain('mcp_guard_sessions{server="fixture"} 1');
    await client.close();
    await expect.poll(() => front.metrics()).toContain('mcp_guard_sessions{server="fixture"} 0');
  });

  it("falls back from a failed engine", async () => {
    const search = { tool: "search", enginesArgument: "engines", engines: ["bing", "brave"], fallback: true };
    const { fixture, front, client } = await connected({ search });
    fixture.engines["bing"] = "fails";
    const { _meta } = await client.callTool({ name: "search", arguments: { query: "cats" } });
    expect(_meta).toEqual({ "mcp-guard/engines": { asked: ["bing", "brave"], answered: ["brave"] } });
    expect(front.audit).toMatchObject([{ outcome: "ok", engines: ["bing", "brave"] }]);
  });

  it("answers a call that takes too long on the stream, and not again when the tool has come to an end", async () => {
    const deadlines = new Deadlines();
    const { fixture, front, client } = await connected({}, deadlines);
    const strange: Error[] = [];
    client.onerror = (error) => strange.push(error);
    const running = client.callTool({ name: "wait" });
    await fixture.waiting;
    deadlines.pass();
    await expect(running).rejects.toThrow("longer than 60 seconds");
    fixture.release();
    await client.callTool({ name: "echo", arguments: { message: "hi" } });
    expect(front.audit.map(({ outcome }) => outcome)).toEqual(["timeout", "ok"]);
    expect(strange.filter(({ message }) => message.includes("unknown message ID"))).toEqual([]);
  });

  it("ends calls whose stream is gone", async () => {
    const { fixture, front, client } = await connected();
    const running = client.callTool({ name: "wait" });
    await fixture.waiting;
    await client.close();
    await expect(running).rejects.toThrow();
    await expect.poll(() => front.audit).toMatchObject([{ tool: "wait", outcome: "cancelled" }]);
  });

  it("knows no session that it didn't open", async () => {
    const { front } = await connected();
    for (const query of ["", "?sessionId=nobody", "?sessionId=a&sessionId=b"]) {
      const answer = await post(new URL(`/messages${query}`, front.url), callOf("echo"));
      expect(await refusal(answer)).toMatchObject({ status: 404 });
    }
  });
});
