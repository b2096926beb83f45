import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Server } from "socket.io";
import type { ChatConfig } from "./config.ts";
import { HttpError } from "./message.ts";
import { Routes } from "./routes.ts";
import { Store } from "./store.ts";

/** A server that listens. */
export interface Listening {
  url: URL;
  close(): Promise<void>;
}

/**
 * Serves the part of Open WebUI that makes answers: its API, and its events by socket.io, which as there are sent
 * over WebSockets only. There is no page.
 *
 * @param host where to listen.
 */
export async function serveChat(config: ChatConfig, host: string): Promise<Listening> {
  const store = new Store(config.store, config.secretKey);
  if (config.administrator && store.isEmpty) store.addUser({ ...config.administrator, role: "admin" });
  const server = createServer((request, response) => {
    respond(routes, request, response).catch(() => response.destroy());
  });
  const events = new Server(server, { path: "/ws/socket.io", transports: ["websocket"] });
  events.on("connection", (socket) => {
    const user = store.userOf((socket.handshake.auth as { token?: string }).token);
    // As there: who isn't signed in stays connected, and is told nothing.
    if (user) void socket.join(user.id);
  });
  const routes = new Routes(config, store, (user, event) => events.to(user.id).emit("events", event));
  server.listen(config.port, host);
  await once(server, "listening");
  return {
    url: new URL(`http://${host}:${(server.address() as AddressInfo).port}`),
    async close() {
      await routes.close();
      await events.close();
      server.closeAllConnections();
    },
  };
}

async function respond(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url = "/", headers } = request;
  const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
  let status = 200;
  let answer: unknown;
  try {
    const { pathname: path } = new URL(url, "http://localhost");
    const body = bodyOf(await text(request));
    answer = await routes.answer({ method, path, body, ...(token && { token }) });
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    status = error.status;
    answer = { detail: error.message };
  }
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
}

function bodyOf(given: string): Record<string, unknown> {
  try {
    return given === "" ? {} : JSON.parse(given);
  } catch {
    throw new HttpError(422, "JSON decode error");
  }
}
