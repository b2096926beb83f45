import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { CertificateAuthority } from "../certs.ts";
import { type Ports, type Processes, waitUntil } from "../processes.ts";
import { startDnsServer } from "./dnsServer.ts";
import type { Destination, Passage } from "./proxy.ts";

/** Let's Encrypt's two environments. Source: https://letsencrypt.org/docs/acme-protocol-updates */
const hosts = {
  production: "acme-v02.api.letsencrypt.org",
  staging: "acme-staging-v02.api.letsencrypt.org",
} as const;

/** A domain that they refuse by policy, as Let's Encrypt does names of well-known companies. */
const forbiddenDomain = "forbidden.example.com";

/** Certificate authorities that speak ACME. */
export interface AcmeAuthorities {
  destinations: Destination[];
  /** The root of the production environment, PEM: browsers trust it, and that of staging they don't. */
  trustedRoot: string;
  close(): Promise<void>;
}

/** What the authorities are started with. */
export interface AcmeOptions {
  dir: string;
  ca: CertificateAuthority;
  bin: string;
  processes: Processes;
  ports: Ports;
  /** Whom they ask for their challenges: a host that this doesn't know has no address. */
  gateways: Passage;
  /** The port that they ask in the place of 80. */
  challengePort: number;
}

/**
 * Starts pebble, Let's Encrypt's own ACME server for tests, in the place of both of Let's Encrypt's environments. It
 * really asks hosts for the challenge (HTTP-01, at their port 80) before it issues a certificate.
 */
export async function startAcme(options: AcmeOptions): Promise<AcmeAuthorities> {
  const { ca, gateways } = options;
  const dir = join(options.dir, "acme");
  await mkdir(dir, { recursive: true });
  const dns = await startDnsServer((name) => gateways(name, 80) !== undefined);
  const tls = await ca.issueTo(dir, "acme", { name: "acme", hosts: ["127.0.0.1", "localhost"] });
  const agent = new Agent({ ca: ca.cert, keepAlive: true });
  const started = await Promise.all(
    Object.entries(hosts).map(async ([environment, host]) => {
      const { port, roots } = await startPebble(`acme-${environment}`, { ...options, dir }, tls, dns.port);
      const isUp = async () => (await get(`${roots}/0`, agent)) !== "";
      await waitUntil(`the ACME server (${environment})`, 15, isUp);
      return {
        environment,
        host,
        root: await get(`${roots}/0`, agent),
        front: await startFront(port, agent),
      };
    }),
  );
  return {
    destinations: started.map(({ host, front }) => ({ port: front.port, hosts: [host] })),
    trustedRoot: started.find(({ environment }) => environment === "production")?.root ?? "",
    async close() {
      await Promise.all([dns.close(), ...started.map(({ front }) => front.close())]);
      agent.destroy();
    },
  };
}

async function startPebble(
  name: string,
  { dir, bin, processes, ports, challengePort }: AcmeOptions,
  tls: { cert: string; key: string },
  dnsPort: number,
): Promise<{ port: number; roots: string }> {
  const [port, management] = [await ports.take(name), await ports.take(`${name}, its roots`)];
  const config = join(dir, `${name}.json`);
  const pebble = {
    ...{ listenAddress: `127.0.0.1:${port}`, managementListenAddress: `127.0.0.1:${management}` },
    ...{ certificate: tls.cert, privateKey: tls.key },
    httpPort: challengePort,
    // How soon a client is told to ask again, in seconds.
    retryAfter: { authz: 1, order: 1 },
    keyAlgorithm: "ecdsa",
    domainBlocklist: [forbiddenDomain],
    profiles: { default: { description: "90 days", validityPeriod: 90 * 24 * 3600 } },
  };
  await writeFile(config, JSON.stringify({ pebble }));
  await processes.start({
    name,
    program: join(bin, "pebble"),
    args: [`-config=${config}`, `-dnsserver=127.0.0.1:${dnsPort}`],
    // It would wait some seconds before each challenge, and refuse a part of all requests at random.
    env: { PATH: process.env["PATH"], PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" },
  });
  return { port, roots: `https://127.0.0.1:${management}/roots` };
}

/** Let's Encrypt's directory has another path than pebble's; all other addresses are out of the directory. */
async function startFront(pebble: number, agent: Agent): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    const { method, headers } = incoming;
    const path = incoming.url === "/directory" ? "/dir" : incoming.url;
    // The name in the certificate; it would be taken out of the Host header otherwise.
    const to = { host: "127.0.0.1", port: pebble, servername: "localhost", agent };
    const onward = request({ ...to, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Fails until the server is up. */
async function get(url: string, agent: Agent): Promise<string> {
  return await new Promise((resolve, reject) => {
    const call = request(url, { agent }, (answer) => text(answer).then(resolve, reject));
    call.on("error", reject);
    call.end();
  });
}
