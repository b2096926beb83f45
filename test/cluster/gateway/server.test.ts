import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CertificateAuthority } from "../../../rehearsal/certs.ts";
import { type GatewayServer, startGatewayServer } from "../../../rehearsal/cluster/gateway/server.ts";
import type { Rule } from "../../../rehearsal/cluster/gateway/types.ts";
import { route } from "./objects.ts";

let ca: CertificateAuthority;
let backend: Server;
let gateway: GatewayServer;
let handle: (incoming: IncomingMessage, response: ServerResponse) => void;
/** What the gateway was asked for, and what it is told: the backend's port, or nothing. */
let services: string[];
let there: boolean;

beforeEach(async () => {
  ca = await CertificateAuthority.create();
  services = [];
  there = true;
  handle = (incoming, response) =>
    response
      .setHeader("x-backend", "1")
      .end(JSON.stringify({ url: incoming.url, headers: incoming.headers }));
  backend = createServer((incoming, response) => handle(incoming, response));
  backend.listen(0, "127.0.0.1");
  await once(backend, "listening");
  const { port } = backend.address() as { port: number };
  gateway = await startGatewayServer(async (host, asPort) => {
    services.push(`${host}:${asPort}`);
    return there ? port : undefined;
  });
});
afterEach(async () => {
  await gateway.close();
  backend.close();
  backend.closeAllConnections();
});

async function program(rule: Rule = {}): Promise<void> {
  const certificate = await ca.issue({ name: "chat", hosts: ["chat.example.com"] });
  const routes = [{ route: route({}, rule), hostnames: ["chat.example.com"] }];
  gateway.program([
    { port: 80, routes },
    { port: 443, hostname: "chat.example.com", certificate, routes },
  ]);
}

/** A connection with TLS for a host name. */
async function secure(servername: string): Promise<TLSSocket> {
  const socket = connectTls({ host: "127.0.0.1", port: gateway.httpsPort, servername, ca: ca.cert });
  await once(socket, "secureConnect");
  return socket;
}

async function ask(path: string, host = "chat.example.com"): Promise<[IncomingMessage, string]> {
  const call = request({ host: "127.0.0.1", port: gateway.httpPort, path, headers: { host } });
  call.end();
  const [response] = (await once(call, "response")) as [IncomingMessage];
  return [response, await text(response)];
}

test("a request reaches the Service's pod as it was, with what a proxy adds", async () => {
  await program({
    filters: [
      {
        type: "ResponseHeaderModifier",
        responseHeaderModifier: { set: [{ name: "Strict-Transport-Security", value: "max-age=1" }] },
      },
    ],
  });
  const socket = await secure("chat.example.com");
  const call = request({
    path: "/a?q=1",
    headers: { host: "chat.example.com" },
    createConnection: () => socket,
  });
  call.end();
  const [response] = (await once(call, "response")) as [IncomingMessage];
  expect(response.headers).toMatchObject({ "strict-transport-security": "max-age=1", "x-backend": "1" });
  const seen = JSON.parse(await text(response));
  expect(seen).toMatchObject({
    url: "/a?q=1",
    headers: { host: "chat.example.com", "x-forwarded-proto": "https", "x-forwarded-for": "127.0.0.1" },
  });
  expect(services).toEqual(["chat.chat.svc:80"]);
});

test("a name that no listener has a certificate for can't begin a connection", async () => {
  await program();
  await expect(secure("other.example.com")).rejects.toThrow();
});

test("a host without a route gets 404, a Service without a ready pod 503, a rule without one 500", async () => {
  await program();
  expect((await ask("/", "other.example.com"))[0].statusCode).toBe(404);
  there = false;
  expect((await ask("/"))[0].statusCode).toBe(503);
  await program({ backendRefs: [] });
  expect((await ask("/"))[0].statusCode).toBe(500);
});

test("a stream reaches the client while it is made, however long it takes", async () => {
  let held: ServerResponse | undefined;
  handle = (_incoming, response) => {
    held = response;
    response.write("first");
  };
  await program({ timeouts: { request: "0s" } });
  const call = request({ host: "127.0.0.1", port: gateway.httpPort, headers: { host: "chat.example.com" } });
  call.end();
  const [response] = (await once(call, "response")) as [IncomingMessage];
  const [first] = await once(response, "data");
  expect(String(first)).toBe("first");
  held?.end("last");
  const [last] = await once(response, "data");
  expect(String(last)).toBe("last");
});

test("a route's time limit ends an answer that hasn't begun with 504, and cuts off one that has", async () => {
  handle = () => undefined;
  await program({ timeouts: { request: "20ms" } });
  expect((await ask("/"))[0].statusCode).toBe(504);
  handle = (_incoming, response) => response.write("begun");
  await expect(ask("/")).rejects.toThrow("aborted");
});

test("a pod learns that a client has gone away", async () => {
  const gone = new Promise((resolve) => {
    handle = (_incoming, response) => response.on("close", () => resolve("gone")).write("begun");
  });
  await program();
  const call = request({ host: "127.0.0.1", port: gateway.httpPort, headers: { host: "chat.example.com" } });
  call.on("error", () => undefined);
  call.end();
  await once(call, "response");
  call.destroy();
  expect(await gone).toBe("gone");
});

test("a WebSocket passes, and so does a refusal of one", async () => {
  backend.on("upgrade", (incoming: IncomingMessage, socket: Socket) => {
    if (incoming.url === "/no") {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      return;
    }
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    socket.pipe(socket);
  });
  await program();
  const open = async (path: string) => {
    const client = connect(gateway.httpPort, "127.0.0.1");
    client.write(
      `GET ${path} HTTP/1.1\r\nHost: chat.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    const [answer] = await once(client, "data");
    return { client, answer: String(answer) };
  };
  const { client, answer } = await open("/ws/socket.io");
  expect(answer).toMatch(/^HTTP\/1\.1 101 /);
  client.write("ping");
  expect(String((await once(client, "data"))[0])).toBe("ping");
  client.destroy();
  const refused = await open("/no");
  expect(refused.answer).toMatch(/^HTTP\/1\.1 403 /);
  refused.client.destroy();
});

test("programs find a Gateway's hosts, and no others", async () => {
  await program();
  expect(gateway.portFor("chat.example.com", 443)).toBe(gateway.httpsPort);
  expect(gateway.portFor("Chat.Example.com", 80)).toBe(gateway.httpPort);
  expect(gateway.portFor("other.example.com", 443)).toBeUndefined();
  gateway.program([]);
  expect(gateway.portFor("chat.example.com", 80)).toBeUndefined();
});
