import { expect, it } from "vitest";
import { connect, initialize, post, refusal, request, start } from "./helpers.ts";

it("answers a client that began at another server of its kind", async () => {
  const [one, other] = [await start({ sessions: "stateless" }), await start({ sessions: "stateless" })];
  const opened = await post(one.url, initialize);
  expect(opened.headers.get("mcp-session-id")).toBeNull();
  await opened.text();
  const call = request("tools/call", { name: "echo", arguments: { message: "hi" } });
  const answer = await post(other.url, call, { "mcp-protocol-version": "2025-06-18" });
  expect(await answer.text()).toContain("Echo: hi");
});

it("is one that the official client can work with", async () => {
  const { url } = await start({ sessions: "stateless" });
  const client = await connect(url);
  for (const message of ["one", "two"]) {
    const { content } = await client.callTool({ name: "echo", arguments: { message } });
    expect(content).toEqual([{ type: "text", text: `Echo: ${message}` }]);
  }
});

it("has no stream to listen on and no session to end", async () => {
  const { url } = await start({ sessions: "stateless" });
  for (const method of ["GET", "DELETE"]) {
    const response = await fetch(url, { method, headers: { accept: "text/event-stream" } });
    expect(response.headers.get("allow")).toBe("POST");
    expect(await refusal(response)).toEqual({ status: 405, code: -32_000 });
  }
  const plain = await post(url, "{}", { "content-type": "text/plain" });
  expect(await refusal(plain)).toEqual({ status: 415, code: -32_000 });
});
