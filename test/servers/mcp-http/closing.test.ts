import { once } from "node:events";
import { connect as openSocket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { openSession, request, start } from "./helpers.ts";

it("finishes a running call while it closes, but opens no new stream on that connection", async () => {
  const server = await start({ shutdownGraceSeconds: 600 });
  const { "mcp-session-id": session } = await openSession(server.url);
  const body = request("tools/call", { name: "echo", arguments: { message: "last words" } });
  const headers = (more: string) =>
    `Host: localhost\r\nMcp-Session-Id: ${session}\r\nAccept: application/json, text/event-stream\r\n${more}\r\n`;
  const post = headers(
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n`,
  );

  const socket = openSocket(Number(server.url.port), "127.0.0.1");
  socket.write(`POST /mcp HTTP/1.1\r\n${post}`);
  // The interim answer shows that the server has taken on the call.
  await once(socket, "data");
  const closed = server.close();
  const answers = text(socket);
  socket.write(`${body}GET /mcp HTTP/1.1\r\n${headers("")}`);

  expect(await answers).toMatch(/^HTTP\/1.1 200 .*Echo: last words.*HTTP\/1.1 503 .*shutting down/s);
  await closed;
});
