import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { Unauthenticated } from "../authentication/index.ts";
import type { Caller } from "../caller.ts";
import { refusalOf, unauthenticated } from "../calls/failures.ts";
import type { Leaving } from "../leaving.ts";
import { createOAuth, METADATA_PATH } from "../oauth.ts";
import type { Parts } from "../parts.ts";
import { codes, Refusal } from "../refusal.ts";
import { browserCheck, preflightHeaders } from "./browser.ts";
import { connectionAge } from "./connectionAge.ts";
import type { Ending } from "./ending.ts";
import { checkContent, checkHead } from "./headers.ts";
import { sseTransport } from "./sse.ts";
import { strangersLog } from "./strangers.ts";
import { streamableHttp } from "./streamable.ts";
import { traceOf } from "./trace.ts";

const METHODS = "GET, POST, DELETE";

/** The MCP side of the guard. `streams` are those that only listen. */
export function createFront(parts: Parts, streams: Set<Ending>, leaving: Leaving): FastifyInstance {
  const { config, log, sessions, sessionMode, authenticator, metrics } = parts;
  const { listen, limits } = config;
  const oauth = createOAuth(config);
  const checkBrowser = browserCheck(listen);
  const logStranger = strangersLog(log, parts.now);
  const isOld = connectionAge(listen.connectionSeconds, parts.now);

  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestSeconds * 1000,
    http: { headersTimeout: limits.requestSeconds * 1000, connectionsCheckingInterval: 1000 },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    // Paths that can't be decoded come here before any hook.
    frameworkErrors: (_error, _request, reply) =>
      void refuse(reply, new Refusal(400, codes.refused, "Bad request: the path is malformed")),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.decorateRequest("guard");
  app.setErrorHandler<FastifyError>((error, _request, reply) => refuse(reply, describe(error)));
  app.setNotFoundHandler((_request, reply) =>
    refuse(reply, new Refusal(404, codes.refused, `Not found; the MCP endpoint is ${listen.path}`)),
  );

  app.addHook("onRequest", async (request, reply) => {
    checkHead(request.raw);
    const cors = checkBrowser(request.headers);
    reply.headers(cors);
    request.guard = { startedAt: parts.now(), cors, trace: traceOf(request.headers), ...NOBODY };
    // A client that calls again comes by a new connection then, which leads to another pod.
    if (isOld(request.raw.socket) || leaving.begun) reply.raw.setHeader("connection", "close");
    if (!leaving.closing) return;
    throw new Refusal(503, codes.refused, "The guard is shutting down", { headers: { connection: "close" } });
  });

  /** Who calls, and in which session: both before a byte of the body is read. */
  const enter = async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = await authenticate(request);
    request.guard.caller = caller;
    const id = request.headers["mcp-session-id"];
    if (typeof id === "string") {
      const session = await sessionMode.find(id, caller);
      if (session === undefined) throw new Refusal(404, codes.refused, "Session not found");
      request.guard.session = session;
      reply.raw.once("close", sessions.hold(session));
    }
    if (request.method === "POST") checkContent(request.headers);
  };
  const authenticate = async ({ headers, raw }: FastifyRequest): Promise<Caller> => {
    try {
      return await authenticator.authenticate(headers.authorization);
    } catch (error) {
      if (error instanceof Unauthenticated) {
        metrics.authenticationFailed(error.reason);
        logStranger(error.reason, raw);
      }
      throw unauthenticated(error, (reason) => oauth.challenge(headers.host, reason));
    }
  };

  const { post, get, remove } = streamableHttp(parts, streams);
  app.post(listen.path, { onRequest: enter }, post);
  app.get(listen.path, { onRequest: enter }, get);
  app.delete(listen.path, { onRequest: enter }, remove);
  if (config.upstream.sse) {
    const sse = sseTransport(parts, streams);
    app.get(listen.ssePath, { onRequest: enter }, sse.open);
    app.post(listen.messagesPath, { onRequest: enter }, sse.post);
  }
  app.options(listen.path, async (request, reply) => {
    if (request.guard.cors["access-control-allow-origin"] === undefined) throw notAllowed();
    return reply.code(204).headers(preflightHeaders(request.headers)).send();
  });
  app.route({
    method: ["HEAD", "PUT", "PATCH"],
    url: listen.path,
    handler: () => Promise.reject(notAllowed()),
  });
  for (const path of [METADATA_PATH, `${METADATA_PATH}${listen.path}`]) {
    app.get(path, async (request, reply) => {
      const metadata = oauth.metadata(request.headers.host);
      return metadata === undefined ? reply.callNotFound() : reply.send(metadata);
    });
  }
  return app;

  function describe(error: FastifyError): Refusal {
    if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
      return new Refusal(413, codes.invalidRequest, `The body is larger than ${limits.bodyBytes} bytes`);
    }
    const status = error.statusCode ?? 500;
    if (!(error instanceof Refusal) && status >= 400 && status < 500) {
      return new Refusal(status, codes.refused, `Bad request: ${error.message}`);
    }
    const refusal = refusalOf(error);
    if (refusal.code === codes.internal) log.error({ err: error }, "request failed");
    return refusal;
  }
}

const NOBODY = { caller: { subject: "", roles: [] }, session: undefined };

function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.code(refusal.status).headers(refusal.headers).send(refusal.toRpc(null));
}

const notAllowed = () =>
  new Refusal(405, codes.refused, "Method not allowed", { headers: { allow: METHODS } });

/** Answers what isn't HTTP, or came too slowly, and ends the connection: what follows can't be understood. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: import("node:net").Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const [status, reason] =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? [408, "Request Timeout"]
      : error.code === "HPE_HEADER_OVERFLOW"
        ? [431, "Request Header Fields Too Large"]
        : [400, "Bad Request"];
  const body = JSON.stringify(new Refusal(status as number, codes.refused, String(reason)).toRpc(null));
  const head = `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  if (socket.writable) socket.write(`${head}\r\nConnection: close\r\n\r\n${body}`);
  socket.destroySoon();
}
