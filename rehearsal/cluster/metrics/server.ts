import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { CertificateAuthority } from "../../certs.ts";

/** What is asked of an API of metrics. */
export interface Asked {
  version?: string;
  namespace?: string;
  resource: string;
  name?: string;
  subresource?: string;
  labelSelector?: string;
}

/** A resource of an API, as its discovery has it. */
export interface ApiResource {
  name: string;
  singularName: string;
  namespaced: boolean;
  kind: string;
  verbs: readonly string[];
}

/** One API group that the API server passes on to somebody. */
export interface ApiGroup {
  group: string;
  /** The preferred one first. */
  versions: readonly string[];
  resources: readonly ApiResource[];
  /** The answer's object; undefined when there is no such thing. */
  answer(asked: Asked): Promise<object | undefined>;
}

/** A running server of an API group. */
export interface ApiGroupServer {
  port: number;
  close(): Promise<void>;
}

/** The name in the certificate by which the API server says that it asks on a user's behalf. */
export const frontProxy = "front-proxy-client";

/**
 * Serves an API group over TLS to the API server, which has checked already what the user may do, and says who it is
 * by a certificate.
 *
 * @param host the name of the Service in front of it, as the API server calls it.
 */
export async function serveApiGroup(
  ca: CertificateAuthority,
  host: string,
  group: ApiGroup,
): Promise<ApiGroupServer> {
  const tls = await ca.issue({ name: host, hosts: [host] });
  const server = createServer(
    { ...tls, ca: ca.cert, requestCert: true, rejectUnauthorized: true },
    async (request, response) => {
      if ((request.socket as TLSSocket).getPeerCertificate().subject?.CN !== frontProxy) {
        send(response, 403, status(403, "Forbidden", "only the API server's aggregation layer is answered"));
        return;
      }
      try {
        await answer(group, request, response);
      } catch (error) {
        console.error(`${group.group}: ${request.url}: ${error}`);
        send(response, 500, status(500, "InternalError", String(error)));
      }
    },
  );
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

async function answer(group: ApiGroup, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "https://host");
  const [, apis, name, version, ...rest] = url.pathname.split("/").map(decodeURIComponent);
  const known = apis === "apis" && name === group.group && group.versions.includes(version ?? "");
  if (request.method !== "GET" || !known || version === undefined) {
    send(response, 404, status(404, "NotFound", "the server could not find the requested resource"));
    return;
  }
  if (rest.length === 0) {
    const groupVersion = `${group.group}/${version}`;
    const { resources } = group;
    send(response, 200, { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources });
    return;
  }
  const found = await group.answer({ version, ...askedBy(rest), ...selected(url) });
  if (found) {
    send(response, 200, found);
  } else {
    const message = `the server could not find ${rest.at(-1)} for ${rest.slice(0, -1).join("/")}`;
    send(response, 404, status(404, "NotFound", message));
  }
}

/** `[namespaces/<namespace>/]<resource>[/<name>[/<subresource>]]`. */
function askedBy(path: readonly string[]): Asked {
  const namespaced = path[0] === "namespaces" && path.length > 2;
  const [resource = "", name, subresource] = namespaced ? path.slice(2) : path;
  return {
    resource,
    ...(namespaced && path[1] ? { namespace: path[1] } : {}),
    ...(name ? { name } : {}),
    ...(subresource ? { subresource } : {}),
  };
}

function selected(url: URL): Pick<Asked, "labelSelector"> {
  const labelSelector = url.searchParams.get("labelSelector");
  return labelSelector ? { labelSelector } : {};
}

function send(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function status(code: number, reason: string, message: string) {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code };
}
