import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type KindKey, kindKeys, listPath } from "../../../../cli/diagnose/kinds.ts";
import { forwardPort } from "./portForward.ts";
import type { Served } from "./snapshots.ts";

/** What a cluster of the tests holds and allows. */
export interface World {
  objects?: Partial<Record<KindKey, Served[]>>;
  /** Secrets with their data, by "namespace/name". */
  secrets?: Record<string, { type: string; data: Record<string, string> }>;
  /** By "namespace/pod/container", and with "/previous" behind it for the run before. */
  logs?: Record<string, string>;
  autoscalerStatus?: string;
  /** Where the kubelet finds "namespace/pod:port"; others aren't forwarded. */
  forwarded?: Record<string, string>;
  /** Where the proxy finds "namespace/pod:port". */
  proxied?: Record<string, string>;
  /** Kinds whose CRDs aren't there. */
  absent?: KindKey[];
  /** What the user may not do; a path is asked without its query. */
  forbidden?: (path: string) => boolean;
  unauthorized?: boolean;
  /** Items of a page, whatever the client asks for. */
  pageSize?: number;
  /** The first continue token is too old. */
  expired?: boolean;
}

/** The part of a Kubernetes API that is read here, over HTTP. */
export interface Api {
  /** A kubeconfig for it, with a context "dev" whose namespace is "models". */
  kubeconfig: string;
  /** The folder of the kubeconfig, for other files of a test. */
  dir: string;
  /** "METHOD path?query" of everything that was asked. */
  asked: string[];
  world: World;
  close(): Promise<void>;
}

const namespaces = ["models", "mcp", "kube-system", "kaito-workspace", "kaito-ragengine", "kmcp-system"];

export async function startApi(world: World = {}): Promise<Api> {
  const asked: string[] = [];
  const api = { world };
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url?.includes("/proxy/")) return void proxy(api.world, request, response);
    const { code, body } = reply(api.world, request);
    response.writeHead(code, { "content-type": "application/json", date: new Date().toUTCString() });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  server.on("upgrade", (request, socket) => {
    asked.push(`${request.method} ${request.url}`);
    upgrade(api.world, request, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dir = await mkdtemp(join(tmpdir(), "diagnose-"));
  const kubeconfig = join(dir, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigFor(url));
  return Object.assign(api, {
    kubeconfig,
    dir,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true });
    },
  });
}

/** The client speaks plain HTTP only where no certificate is checked anyway. */
export function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "dev", context: { cluster: "c", user: "u", namespace: "models" } }],
    "current-context": "dev",
  });
}

function upgrade(world: World, request: IncomingMessage, socket: Duplex): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://api");
  const [, namespace, pod] = /^\/api\/v1\/namespaces\/(.+)\/pods\/(.+)\/portforward$/.exec(pathname) ?? [];
  const port = Number(searchParams.get("ports"));
  const to = world.forwarded?.[`${namespace}/${pod}:${port}`];
  if (to !== undefined && !world.forbidden?.(pathname)) {
    forwardPort(request, socket, port, new URL(to));
    return;
  }
  const status = world.forbidden?.(pathname) ? "403 Forbidden" : "500 Internal Server Error";
  socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}

/** Passes a request on to what a pod is in the test, without the credentials, as the API server does. */
async function proxy(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "";
  const [, namespace, pod, rest = ""] =
    /^\/api\/v1\/namespaces\/(.+?)\/pods\/(.+?)\/proxy(\/.*)$/.exec(path) ?? [];
  const to = world.proxied?.[`${namespace}/${pod}`];
  const refusal = world.forbidden?.(path)
    ? failure(403, "Forbidden", `pods "${pod}" is forbidden: User "u" cannot create resource "pods/proxy"`)
    : to === undefined
      ? failure(503, "ServiceUnavailable", `error trying to reach service: dial tcp: i/o timeout`)
      : undefined;
  if (refusal) {
    response.writeHead(refusal.code, { "content-type": "application/json" });
    return void response.end(JSON.stringify(refusal.body));
  }
  const { authorization, ...headers } = request.headers;
  const options = { method: request.method, headers: { ...headers, host: new URL(to ?? "").host } };
  const onward = httpRequest(`${to}${rest}`, options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => {
    // The words of the API server, which is written in Go.
    const message = `error trying to reach service: dial tcp ${headers.host}: connect: connection refused`;
    const { code, body } = failure(503, "ServiceUnavailable", message);
    response.writeHead(code).end(JSON.stringify(body));
  });
  request.pipe(onward);
}

interface Reply {
  code: number;
  body: unknown;
}

const ok = (body: unknown): Reply => ({ code: 200, body });
const failure = (code: number, reason: string, message: string): Reply => ({
  code,
  body: { kind: "Status", apiVersion: "v1", status: "Failure", reason, message, code },
});

function reply(world: World, { url = "/", headers }: IncomingMessage): Reply {
  const { pathname, searchParams } = new URL(url, "http://api");
  if (world.unauthorized) return failure(401, "Unauthorized", "Unauthorized");
  if (world.forbidden?.(pathname)) {
    return failure(403, "Forbidden", `"${pathname}" is forbidden: User "u" cannot list it`);
  }
  if (pathname === "/apis") return ok({ kind: "APIGroupList", groups: [] });
  const secret = pathname.match(/^\/api\/v1\/namespaces\/([^/]+)\/secrets\/([^/]+)$/);
  if (secret) return secretReply(world, `${secret[1]}/${secret[2]}`, headers.accept ?? "");
  const log = pathname.match(/^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/);
  if (log) {
    const run = searchParams.get("previous") ? "/previous" : "";
    const text = world.logs?.[`${log[1]}/${log[2]}/${searchParams.get("container")}${run}`];
    return text === undefined ? failure(400, "BadRequest", "the container is waiting to start") : ok(text);
  }
  if (pathname.endsWith("/configmaps/cluster-autoscaler-status")) {
    return world.autoscalerStatus === undefined
      ? failure(404, "NotFound", "configmaps not found")
      : ok({ kind: "ConfigMap", data: { status: world.autoscalerStatus } });
  }
  return listReply(world, pathname, searchParams);
}

function listReply(world: World, pathname: string, query: URLSearchParams): Reply {
  const kind = kindKeys.find((key) =>
    [undefined, ...namespaces].some((namespace) => listPath(key, namespace) === pathname),
  );
  if (kind === undefined || world.absent?.includes(kind)) {
    return failure(404, "NotFound", "the server could not find the requested resource");
  }
  const namespace = pathname.match(/\/namespaces\/([^/]+)\/[^/]+$/)?.[1];
  const items = (world.objects?.[kind] ?? []).filter(
    ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
  );
  const from = Number(query.get("continue") ?? 0);
  if (from > 0 && world.expired) {
    return failure(410, "Expired", "The provided continue parameter is too old");
  }
  const size = query.has("limit") ? (world.pageSize ?? Number(query.get("limit"))) : items.length;
  const rest = items.length - from - size;
  return ok({
    kind: "List",
    metadata: rest > 0 ? { continue: String(from + size), remainingItemCount: rest } : {},
    items: items.slice(from, from + size),
  });
}

/** As a Table only when nothing else is accepted: whoever takes plain JSON gets the data. */
function secretReply(world: World, key: string, accept: string): Reply {
  const secret = world.secrets?.[key];
  if (secret === undefined) return failure(404, "NotFound", `secrets "${key}" not found`);
  if (accept !== "application/json;as=Table;v=v1;g=meta.k8s.io") return ok({ kind: "Secret", ...secret });
  const name = key.split("/")[1];
  const fields = Object.fromEntries(Object.keys(secret.data).map((field) => [`f:${field}`, {}]));
  const metadata = {
    name,
    // kubectl keeps here what was applied, secrets and all.
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(secret) },
    managedFields: [{ manager: "pulumi", fieldsV1: { "f:data": { ".": {}, ...fields }, "f:type": {} } }],
  };
  return ok({
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    columnDefinitions: [{ name: "Name" }, { name: "Type" }, { name: "Data" }, { name: "Age" }],
    rows: [
      {
        cells: [name, secret.type, Object.keys(secret.data).length, "5m"],
        object: { kind: "PartialObjectMetadata", metadata },
      },
    ],
  });
}
