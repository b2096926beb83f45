import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { CertificateAuthority } from "../certs.ts";
import { Sockets, tunnel } from "../network/sockets.ts";

/** What the way into the cluster is opened with. */
export interface EgressOptions {
  ca: CertificateAuthority;
  /** Where the API server finds it; 0 lets the system choose. */
  port: number;
  /** Gets the configuration and its certificates. */
  dir: string;
  /**
   * The port of this machine that answers for an address of the cluster's networks; undefined when nothing
   * listens there.
   */
  target: (host: string, port: number) => Promise<number | undefined>;
}

/** The way from the API server into the cluster. */
export interface Egress {
  /** The file for kube-apiserver's --egress-selector-config-file. */
  config: string;
  close(): Promise<void>;
}

/**
 * Opens the way by which the API server reaches Services and pods, which have addresses that don't exist on
 * this machine. AKS's API server has no route to them either, and goes through a tunnel (konnectivity) that
 * it is told of by the same kind of file.
 */
export async function startEgress({ ca, port, dir, target }: EgressOptions): Promise<Egress> {
  const sockets = new Sockets();
  const serving = await ca.issue({ name: "egress", hosts: ["127.0.0.1"] });
  const server = createServer({ ...serving, ca: ca.cert, requestCert: true, rejectUnauthorized: true });
  server.on("connect", async (request, client: Duplex) => {
    sockets.track(client);
    const asked = request.url ?? "";
    const { hostname, port: asPort } = new URL(`tcp://${asked}`);
    const local = await target(hostname, Number(asPort)).catch((error: unknown) => {
      console.error(`egress: ${asked}: ${error}`);
      return undefined;
    });
    // The API server puts the line into what it tells its client, who reads there what a dial in a cluster says.
    const refuse = () => client.end(`HTTP/1.1 503 dial tcp ${asked}: connect: connection refused\r\n\r\n`);
    if (local === undefined) {
      refuse();
      return;
    }
    const inner = sockets.track(connect(local, "127.0.0.1"));
    inner.once("error", refuse);
    inner.once("connect", () => {
      inner.off("error", refuse);
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      tunnel(client, inner);
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    config: await writeConfig(ca, (server.address() as AddressInfo).port, dir),
    async close() {
      sockets.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** JSON is YAML. */
async function writeConfig(ca: CertificateAuthority, port: number, dir: string): Promise<string> {
  const client = await ca.issueTo(dir, "egress-client", { name: "kube-apiserver" });
  const caBundle = join(dir, "egress-ca.crt");
  await writeFile(caBundle, ca.cert);
  const config = join(dir, "egress.json");
  const connection = {
    proxyProtocol: "HTTPConnect",
    transport: {
      tcp: {
        url: `https://127.0.0.1:${port}`,
        tlsConfig: { caBundle, clientCert: client.cert, clientKey: client.key },
      },
    },
  };
  await writeFile(
    config,
    JSON.stringify({
      apiVersion: "apiserver.k8s.io/v1beta1",
      kind: "EgressSelectorConfiguration",
      egressSelections: [{ name: "cluster", connection }],
    }),
  );
  return config;
}
