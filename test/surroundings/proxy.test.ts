import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from "node:tls";
import { afterEach, expect, test } from "vitest";
import { CertificateAuthority } from "../../rehearsal/certs.ts";
import { startProxy } from "../../rehearsal/network/proxy.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) {
    await close();
  }
});

async function backend(): Promise<number> {
  const server = createServer((request, response) => response.end(`${request.headers.host}${request.url}`));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.close());
  return (server.address() as { port: number }).port;
}

const charts = (port: number) => [{ hosts: ["charts.example.com"], port }];

/** A connection through the proxy and TLS, with the certificate checked against the host's name. */
async function secureThrough(port: number, host: string, ca: string): Promise<TLSSocket> {
  const raw = connect(port, "127.0.0.1");
  closers.push(() => raw.destroy());
  raw.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
  await once(raw, "data");
  const secure = connectTls({ socket: raw, servername: host, ca });
  await once(secure, "secureConnect");
  return secure;
}

async function connectThrough(port: number, host: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  closers.push(() => socket.destroy());
  socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  return answer.toString();
}

test("a listed host is answered on this machine, by its own name and under the rehearsal's authority", async () => {
  const ca = await CertificateAuthority.create();
  const proxy = await startProxy(ca, charts(await backend()), () => undefined);
  closers.push(() => proxy.close());
  const secure = await secureThrough(proxy.port, "charts.example.com", ca.cert);
  secure.write("GET /v2/ HTTP/1.1\r\nHost: charts.example.com\r\nConnection: close\r\n\r\n");
  expect(await text(secure)).toMatch(/charts\.example\.com\/v2\/$/);
});

test("hosts under a wildcard are answered one label deep, and while they are there", async () => {
  const ca = await CertificateAuthority.create();
  const there = new Set(["one.example.net", "a.b.example.net", "example.net"]);
  const wildcard = {
    hosts: ["*.example.net"],
    port: await backend(),
    serves: (host: string) => there.has(host),
  };
  const proxy = await startProxy(ca, [wildcard], () => undefined);
  closers.push(() => proxy.close());
  const secure = await secureThrough(proxy.port, "one.example.net", ca.cert);
  secure.write("GET / HTTP/1.1\r\nHost: one.example.net\r\nConnection: close\r\n\r\n");
  expect(await text(secure)).toMatch(/one\.example\.net\/$/);
  there.delete("one.example.net");
  for (const host of ["one.example.net", "two.example.net", "a.b.example.net", "example.net"]) {
    expect(await connectThrough(proxy.port, host)).toMatch(/^HTTP\/1\.1 403/);
  }
});

test("a host with certificates of its own is passed on as it is, and plain HTTP to it as well", async () => {
  const [ca, own] = [await CertificateAuthority.create(), await CertificateAuthority.create("its own")];
  const pair = await own.issue({ name: "chat", hosts: ["chat.example.com"] });
  const secure = createTlsServer(pair, (socket) => socket.end("hello"));
  secure.listen(0, "127.0.0.1");
  await once(secure, "listening");
  closers.push(() => secure.close());
  const ports = new Map([
    [443, (secure.address() as { port: number }).port],
    [80, await backend()],
  ]);
  const passage = (host: string, port: number) => (host === "chat.example.com" ? ports.get(port) : undefined);
  const proxy = await startProxy(ca, charts(await backend()), () => undefined, 0, passage);
  closers.push(() => proxy.close());
  expect(await text(await secureThrough(proxy.port, "chat.example.com", own.cert))).toBe("hello");
  const plain = async (url: string) => {
    const call = request({ host: "127.0.0.1", port: proxy.port, path: url });
    call.end();
    const [response] = await once(call, "response");
    return `${response.statusCode} ${await text(response)}`;
  };
  expect(await plain("http://chat.example.com/a?b=1")).toBe("200 chat.example.com/a?b=1");
  expect(await plain("http://charts.example.com/")).toMatch(/^405 /);
});

test("any other host is refused and reported", async () => {
  const refused: string[] = [];
  const proxy = await startProxy(await CertificateAuthority.create(), charts(1), (host) =>
    refused.push(host),
  );
  closers.push(() => proxy.close());
  expect(await connectThrough(proxy.port, "elsewhere.example.com")).toMatch(/^HTTP\/1\.1 403/);
  expect(refused).toEqual(["elsewhere.example.com:443"]);
});

test("a client that resets its connection, refused or not, ends neither the proxy nor the process", async () => {
  const uncaught: unknown[] = [];
  const remember = (error: unknown) => uncaught.push(error);
  process.on("uncaughtException", remember);
  closers.push(() => process.off("uncaughtException", remember));
  const proxy = await startProxy(
    await CertificateAuthority.create(),
    charts(await backend()),
    () => undefined,
  );
  closers.push(() => proxy.close());
  for (const host of ["elsewhere.example.com", "charts.example.com"]) {
    const client = connect(proxy.port, "127.0.0.1");
    client.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
    await once(client, "data");
    client.resetAndDestroy();
    await once(client, "close");
  }
  // Its answer takes longer than the resets need to arrive: they were sent before.
  expect(await connectThrough(proxy.port, "charts.example.com")).toMatch(/^HTTP\/1\.1 200/);
  expect(uncaught).toEqual([]);
});

test("it listens where it is told to", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as { port: number };
  free.close();
  await once(free, "close");
  const proxy = await startProxy(await CertificateAuthority.create(), [], () => undefined, port);
  closers.push(() => proxy.close());
  expect(proxy.port).toBe(port);
  expect(await connectThrough(port, "charts.example.com")).toMatch(/^HTTP\/1\.1 403/);
});
