import { randomUUID } from "node:crypto";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type Sockets, tunnel } from "../../network/sockets.ts";
import { answerHeaders, durationMs, onwardOf, redirectOf } from "./filters.ts";
import type { Found } from "./matching.ts";

/** The port of this machine that answers for a Service; undefined when none does. */
export type Target = (host: string, port: number) => Promise<number | undefined>;

/** What a request is about. */
export interface Request {
  /** The rule that it comes under; none means 404. */
  rule: Found | undefined;
  host: string;
  path: string;
  search: string;
  scheme: "http" | "https";
}

/** Answers a request: by its route's redirect, or with what a pod of its Service answers. */
export async function answer(
  target: Target,
  incoming: IncomingMessage,
  response: ServerResponse,
  asked: Request,
): Promise<void> {
  const say = (status: number, text = "", headers = {}) => response.writeHead(status, headers).end(text);
  response.setHeader("server", "istio-envoy");
  if (!asked.rule) {
    say(404);
    return;
  }
  const { rule } = asked.rule;
  const redirect = redirectOf(asked.rule, asked);
  if (redirect) {
    say(redirect.status, "", { location: redirect.location });
    return;
  }
  const port = await backendOf(target, asked.rule);
  if (port === undefined) {
    say(rule.backendRefs?.length ? 503 : 500, rule.backendRefs?.length ? "no healthy upstream" : "");
    return;
  }
  const onward = onwardOf(asked.rule, { ...asked, headers: forwarded(incoming, asked.scheme) });
  const call = request(
    { host: "127.0.0.1", port, path: onward.path, method: incoming.method, headers: onward.headers },
    (reply) => {
      const headers = answerHeaders(rule.filters, reply.headers);
      response.writeHead(reply.statusCode ?? 502, { ...headers, server: "istio-envoy" });
      reply.on("error", () => response.destroy());
      reply.pipe(response);
    },
  );
  const limits = [rule.timeouts?.request, rule.timeouts?.backendRequest].map(durationMs);
  const limit = Math.min(...limits.filter((ms) => ms > 0));
  const timer = Number.isFinite(limit)
    ? setTimeout(() => {
        call.destroy();
        // A response that has begun is cut off.
        response.headersSent ? response.destroy() : say(504, "upstream request timeout");
      }, limit)
    : undefined;
  call.on("error", () => {
    if (!response.writableEnded) {
      response.headersSent ? response.destroy() : say(503, "upstream connect error");
    }
  });
  response.on("close", () => {
    clearTimeout(timer);
    call.destroy();
  });
  incoming.pipe(call);
}

/** Joins a client that wants another protocol, WebSocket say, with a pod of its route's Service. */
export async function upgrade(
  target: Target,
  sockets: Sockets,
  incoming: IncomingMessage,
  client: Duplex,
  asked: Request,
): Promise<void> {
  const port = asked.rule && !redirectOf(asked.rule, asked) && (await backendOf(target, asked.rule));
  if (!asked.rule || !port) {
    client.end(`HTTP/1.1 ${asked.rule ? 503 : 404} \r\ncontent-length: 0\r\n\r\n`);
    return;
  }
  const headers = { ...forwarded(incoming, asked.scheme), ...upgradeHeaders(incoming) };
  const { path, headers: sent } = onwardOf(asked.rule, { ...asked, headers });
  const call = request({ host: "127.0.0.1", port, path, method: incoming.method, headers: sent });
  const pass = (reply: IncomingMessage) => {
    const lines = reply.rawHeaders.flatMap((name, at) =>
      at % 2 ? [] : [`${name}: ${reply.rawHeaders[at + 1]}`],
    );
    client.write(`HTTP/1.1 ${reply.statusCode} ${reply.statusMessage}\r\n${lines.join("\r\n")}\r\n\r\n`);
  };
  call.on("upgrade", (reply, inner, head) => {
    pass(reply);
    client.write(head);
    tunnel(sockets.track(client), sockets.track(inner));
  });
  call.on("response", (reply) => {
    pass(reply);
    reply.pipe(client);
  });
  call.on("error", () => client.destroy());
  client.on("error", () => call.destroy());
  call.end();
}

async function backendOf(target: Target, { route, rule }: Found): Promise<number | undefined> {
  // The stack has one Service a rule; weights would be Envoy's business.
  const [ref] = rule.backendRefs ?? [];
  const namespace = ref?.namespace ?? route.metadata.namespace;
  return ref && (await target(`${ref.name}.${namespace}.svc`, ref.port ?? 80));
}

/** The request's headers with what Envoy adds; those of one connection are not passed on. */
function forwarded(incoming: IncomingMessage, scheme: string) {
  const {
    connection: _c,
    "keep-alive": _k,
    "proxy-connection": _p,
    upgrade: _u,
    ...headers
  } = incoming.headers;
  const client = incoming.socket.remoteAddress ?? "";
  const before = headers["x-forwarded-for"];
  return {
    ...headers,
    "x-forwarded-for": before ? `${before},${client}` : client,
    "x-forwarded-proto": scheme,
    "x-request-id": headers["x-request-id"] ?? randomUUID(),
  };
}

function upgradeHeaders({ headers }: IncomingMessage) {
  return { connection: "Upgrade", upgrade: headers.upgrade ?? "" };
}
