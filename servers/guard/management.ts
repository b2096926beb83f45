import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Readiness } from "./health.ts";
import type { Metrics } from "./metrics.ts";

/** The side of the guard that Kubernetes and Prometheus see: /healthz, /readyz, /metrics, nothing else. */
export function createManagement(
  metrics: Metrics,
  readiness: Readiness,
  isClosing: () => boolean,
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
    const reason = isClosing() ? "The guard is shutting down" : await readiness();
    if (reason === undefined) return { status: "ready" };
    return reply.code(503).send({ status: "not ready", reason });
  });
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  app.setNotFoundHandler((_request, reply) => notFound(reply));
  return app;
}

const notFound = (reply: FastifyReply): FastifyReply =>
  reply.code(404).send({ status: "not found", paths: ["/healthz", "/readyz", "/metrics"] });
