import { describe, expect, it } from "vitest";
import { serve } from "./fixture.ts";
import { closing, guard, guardedFixture } from "./helpers.ts";

describe("the management port", () => {
  it("is ready when the server answers initialize, and leaves no session behind", async () => {
    const { front, fixture } = await guardedFixture();
    const ready = await fetch(new URL("/readyz", front.managementUrl));
    expect([ready.status, await ready.json()]).toEqual([200, { status: "ready" }]);
    expect(fixture.sessions.size).toBe(0);
    expect((await fetch(new URL("/healthz", front.managementUrl))).status).toBe(200);
  });

  it("asks the server once in a while only", async () => {
    let now = 0;
    const { front, fixture } = await guardedFixture({}, { now: () => now });
    const ready = () => fetch(new URL("/readyz", front.managementUrl));
    await Promise.all([ready(), ready()]);
    expect(fixture.received).toEqual([]);
    now = 10_001;
    await Promise.all([ready(), ready()]);
    expect(fixture.received.map(({ message }) => message.method)).toEqual(["initialize"]);
  });

  it("says why it isn't ready, and is ready again soon after the server is", async () => {
    let now = 0;
    let status = 500;
    const result = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      serverInfo: { name: "s", version: "1" },
    };
    const upstream = closing(
      await serve((req, res) => {
        req.resume();
        res.writeHead(status, { "content-type": "application/json" });
        res.end(JSON.stringify({ jsonrpc: "2.0", id: 0, result }));
      }),
    );
    const front = await guard(upstream.url, {}, { now: () => now });
    const ready = async () => {
      const response = await fetch(new URL("/readyz", front.managementUrl));
      return [response.status, ((await response.json()) as { reason?: string }).reason];
    };
    expect(await ready()).toEqual([503, "The MCP server answered 500"]);
    status = 404;
    now += 1001;
    expect(await ready()).toEqual([503, "The MCP server answered 404 to initialize"]);
    status = 200;
    now += 1001;
    expect(await ready()).toEqual([200, undefined]);
    await upstream.close();
    now += 10_001;
    expect(await ready()).toEqual([503, "The MCP server could not be reached (ECONNREFUSED)"]);
  });

  it("has nothing else, and isn't on the MCP port", async () => {
    const { front } = await guardedFixture();
    expect((await fetch(new URL("/mcp", front.managementUrl))).status).toBe(404);
    for (const path of ["/metrics", "/healthz", "/readyz"]) {
      expect((await fetch(new URL(path, front.url))).status).toBe(404);
    }
  });
});
