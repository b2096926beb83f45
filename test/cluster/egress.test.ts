import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CertificateAuthority } from "../../rehearsal/certs.ts";
import { type Egress, startEgress } from "../../rehearsal/cluster/egress.ts";
import { Ports } from "../../rehearsal/processes.ts";

let dir: string;
let egress: Egress;
let port: number;
let target: (host: string, port: number) => Promise<number | undefined>;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "egress-"));
  target = async () => undefined;
  egress = await startEgress({
    ca: await CertificateAuthority.create(),
    port: 0,
    dir,
    target: (...address) => target(...address),
  });
  port = Number(new URL((await transport()).url).port);
});
afterEach(async () => {
  for (const close of closers.splice(0)) {
    close();
  }
  await egress.close();
  await rm(dir, { recursive: true });
  vi.restoreAllMocks();
});

/** What the API server is told of the connection. */
async function transport() {
  const config = JSON.parse(await readFile(egress.config, "utf8"));
  expect(config.egressSelections).toHaveLength(1);
  return config.egressSelections[0].connection.transport.tcp;
}

/** Connects as the API server does, by what stands in its configuration. */
async function dial(address: string): Promise<{ socket: TLSSocket; answer: string }> {
  const { url, tlsConfig } = await transport();
  const socket = connect({
    host: "127.0.0.1",
    port: Number(new URL(url).port),
    ca: await readFile(tlsConfig.caBundle),
    cert: await readFile(tlsConfig.clientCert),
    key: await readFile(tlsConfig.clientKey),
  });
  closers.push(() => socket.destroy());
  socket.write(`CONNECT ${address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  return { socket, answer: answer.toString() };
}

test("the API server reaches the program that answers for an address", async () => {
  const server = createServer((_request, response) => response.end("reviewed"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.close());
  const asked: unknown[] = [];
  target = async (...address) => {
    asked.push(address);
    return (server.address() as { port: number }).port;
  };
  const { socket, answer } = await dial("10.0.3.4:9443");
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  socket.write("GET / HTTP/1.1\r\nHost: webhook\r\nConnection: close\r\n\r\n");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  expect(Buffer.concat(chunks).toString()).toMatch(/reviewed/);
  expect(asked).toEqual([["10.0.3.4", 9443]]);
});

test.each([
  ["nobody answers for", async () => undefined],
  ["a program that has just ended answered for", async () => await new Ports().take("nobody")],
])("an address that %s is refused in a cluster's words", async (_what, answer) => {
  target = answer;
  const { socket, answer: line } = await dial("10.0.3.4:9443");
  expect(line).toMatch(/^HTTP\/1\.1 503 dial tcp 10\.0\.3\.4:9443: connect: connection refused\r\n/);
  await once(socket, "end");
});

test("a lookup that fails refuses the connection and harms nothing else", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  target = async () => {
    throw new Error("the API server is busy");
  };
  expect((await dial("10.0.3.4:9443")).answer).toMatch(/^HTTP\/1\.1 503 /);
  expect(logged).toHaveBeenCalledWith("egress: 10.0.3.4:9443: Error: the API server is busy");
});

test("nobody but the API server is let in", async () => {
  const { tlsConfig } = await transport();
  const socket = connect({ host: "127.0.0.1", port, ca: await readFile(tlsConfig.caBundle) });
  closers.push(() => socket.destroy());
  socket.write("CONNECT 10.0.3.4:9443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  await expect(once(socket, "data")).rejects.toThrow(/certificate required|ECONNRESET|alert/);
});
