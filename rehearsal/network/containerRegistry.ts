import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Ports, type Processes, waitUntil } from "../processes.ts";
import { targetOf } from "./registryAccess.ts";
import { type Registries, RegistryGate } from "./registryGate.ts";
import { send } from "./registryReplies.ts";

/** One request that a registry got: no header, no body, no password. */
export interface RegistryRequest {
  host: string;
  method: string;
  path: string;
  status: number;
}

/** Azure's container registries on this machine. */
export interface ContainerRegistry {
  port: number;
  /** The hosts that are answered for. */
  hosts: string[];
  /** Whether one of these hosts is that of a registry. */
  serves(host: string): boolean;
  close(): Promise<void>;
}

/**
 * Starts an OCI registry that stores the images of all of Azure's registries here, and in front of it what ACR does
 * to find out who may do what.
 *
 * @param options.now decides when bearer tokens expire.
 */
export async function startContainerRegistry(options: {
  bin: string;
  processes: Processes;
  ports: Ports;
  registries: Registries;
  onRequest?: (request: RegistryRequest) => void;
  now?: () => number;
}): Promise<ContainerRegistry> {
  const { registries, onRequest } = options;
  const storage = await options.ports.take("the storage of Azure's container registries");
  const port = await options.ports.own("Azure's container registries");
  await options.processes.start({
    name: "container-registry",
    program: join(options.bin, "registry"),
    args: [`-port=${storage}`],
  });
  const isUp = async () => (await fetch(`http://localhost:${storage}/v2/`)).ok;
  await waitUntil("the storage of Azure's container registries", 15, isUp);
  const agent = new Agent({ keepAlive: true });
  const gate = new RegistryGate(registries, options.now);

  const server = createServer((incoming, response) => {
    const { method = "", headers } = incoming;
    const host = (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
    const url = URL.parse(incoming.url ?? "", `https://${host}`);
    const made = registries.registryMade(host);
    if (!url || made === undefined) {
      // Its name wouldn't even resolve; a connection may outlive its registry.
      incoming.socket.destroy();
      return;
    }
    response.on("finish", () =>
      onRequest?.({ host, method, path: url.pathname, status: response.statusCode }),
    );
    response.setHeader("Docker-Distribution-Api-Version", "registry/2.0");
    if (url.pathname === "/oauth2/token") {
      send(response, gate.exchange(host, method, url, headers.authorization));
      return;
    }
    const target = targetOf(method, url);
    const refused = gate.judge(host, headers.authorization, target);
    if (refused) {
      send(response, refused);
    } else if (target.kind === "repository") {
      // Each has a folder of its own in the storage. One that is made anew under the same name begins empty.
      const folder = `${host.replace(/\..*/, "")}-${made.replace(/\D/g, "")}`;
      forward({ port: storage, agent, folder }, url, incoming, response);
    } else {
      send(response, { status: 200, body: {} });
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    hosts: ["*.azurecr.io"],
    serves: (host) => registries.registryMade(host) !== undefined,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
      agent.destroy();
    },
  };
}

/** Passes a request on to the storage, and what that says back. */
function forward(
  to: { port: number; agent: Agent; folder: string },
  url: URL,
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  const { authorization: _authorization, host: _host, ...headers } = incoming.headers;
  const onward = request({
    host: "localhost",
    port: to.port,
    agent: to.agent,
    method: incoming.method,
    path: `/v2/${to.folder}${url.pathname.slice("/v2".length)}${url.search}`,
    headers,
  });
  onward.on("response", (answer) => {
    const location = answer.headers.location?.replace(`/v2/${to.folder}/`, "/v2/");
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...(location && { location }) });
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  incoming.pipe(onward);
}
