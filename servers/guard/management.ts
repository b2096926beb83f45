import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Readiness } from "./health.ts";
import type { Leaving } from "./leaving.ts";
import type { Metrics } from "./metrics.ts";
import type { After } from "./parts.ts";

/** How long somebody who asks for the end waits for its beginning, in seconds. */
const BEGIN_SECONDS = 5;

/** The side of the guard that Kubernetes and Prometheus see: /healthz, /readyz, /drained, /metrics, nothing else. */
export function createManagement(
  metrics: Metrics,
  readiness: Readiness,
  leaving: Leaving,
  after: After,
): FastifyInstance {
  const app = fastify({
    logger: false,
    return503OnClosing: false,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    requestTimeout: 10_000,
    // The framework's own words would say again what was asked for.
    frameworkErrors: (_error, _request, reply) => void notFound(reply),
  });
  // Before a body is read: nothing here has one.
  app.addHook("onRequest", async (request, reply) => (request.is404 ? notFound(reply) : undefined));
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const reason = leaving.begun ? "The guard is shutting down" : await readiness();
    if (reason === undefined) return { status: "ready" };
    return reply.code(503).send({ status: "not ready", reason });
  });
  // The server's preStop hook: it must not end before the calls that it answers. Where only the server is started
  // anew, nobody ends here, and it need not wait.
  app.get("/drained", async (_request, reply) => {
    const never = Promise.withResolvers<void>();
    const stop = after(BEGIN_SECONDS, never.resolve);
    await Promise.race([leaving.beginning, never.promise]);
    stop();
    if (!leaving.begun) return { status: "serving" };
    await leaving.drained(reply.raw);
    return { status: "drained" };
  });
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  app.setNotFoundHandler((_request, reply) => notFound(reply));
  return app;
}

const notFound = (reply: FastifyReply): FastifyReply =>
  reply.code(404).send({ status: "not found", paths: ["/healthz", "/readyz", "/drained", "/metrics"] });
