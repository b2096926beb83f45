import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { CertificateAuthority } from "../certs.ts";
import type { Ports, Processes } from "../processes.ts";
import { startAcme } from "./acme.ts";
import { serveChartRepositories } from "./chartRepository.ts";
import { startChartRegistry } from "./charts.ts";
import { startContainerRegistry } from "./containerRegistry.ts";
import { type Passage, startProxy } from "./proxy.ts";
import type { Registries } from "./registryGate.ts";

/** What the network is made of. */
export interface NetworkOptions {
  /** The rehearsal's folder, for logs. */
  dir: string;
  ca: CertificateAuthority;
  /** The toolchain's folders. */
  bin: string;
  share: string;
  processes: Processes;
  ports: Ports;
  /** Azure's registries, and who may do what there. */
  registries: Registries;
  /** Hosts that answer for themselves: those of the cluster's Gateways, and Entra ID's. */
  passage: Passage;
  /** Where all Gateways' plain requests are taken. */
  challengePort: number;
}

/** A running network. */
export interface Network {
  /** The proxy's, for HTTPS_PROXY. */
  port: number;
  /** The root of the certificate authority that everybody trusts, PEM. */
  trustedRoot: string;
  close(): Promise<void>;
}

/**
 * Starts all that programs find outside of Azure and the cluster: the charts where upstream publishes them, Azure's
 * container registries, Let's Encrypt, and the proxy in front of them.
 */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { ca, bin, share, processes, ports, registries, passage } = options;
  const charts = await startChartRegistry({ bin, share, processes, ports });
  const repositories = await serveChartRepositories(share, await ports.own("the chart repositories"));
  const log = createWriteStream(join(options.dir, "logs", "container-registry-requests.log"), { flags: "a" });
  const images = await startContainerRegistry({
    ...{ bin, processes, ports, registries },
    onRequest: (request) => log.write(`${JSON.stringify({ time: new Date().toISOString(), ...request })}\n`),
  });
  const acme = await startAcme({ ...options, gateways: passage });
  const refused = (host: string) =>
    console.log(`${new Date().toISOString()} refused a connection to ${host}`);
  const proxy = await startProxy(
    ca,
    [charts, repositories, images, ...acme.destinations],
    refused,
    0,
    passage,
  );
  return {
    port: proxy.port,
    trustedRoot: acme.trustedRoot,
    async close() {
      await Promise.all([proxy.close(), acme.close(), images.close(), repositories.close()]);
      log.end();
    },
  };
}
