import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { diagnose, observe } from "../../../cli/diagnose/run.ts";
import { createMcpServer } from "../../../servers/echo/tools.ts";
import { readHttpConfig } from "../../../servers/mcp-http/config.ts";
import { startHttpServer } from "../../../servers/mcp-http/server.ts";
import { type Api, startApi, type World } from "./support/api.ts";
import { meta } from "./support/meta.ts";
import {
  condition,
  kmcpController,
  mcpServer,
  pod,
  runningNotReady,
  runningReady,
  workload,
} from "./support/objects.ts";
import { ago } from "./support/snapshots.ts";

const running: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
});

async function api(world: World): Promise<Api> {
  const one = await startApi(world);
  running.push(one);
  return one;
}

/** The real echo server, and the lines of its log. */
async function echo(): Promise<{ origin: string; log: string[] }> {
  const log: string[] = [];
  const config = readHttpConfig({ HOST: "127.0.0.1", PORT: "0" });
  const lines = pino({}, { write: (line) => log.push(line) });
  const server = await startHttpServer({ config, log: lines, createMcpServer });
  running.push(server);
  return { origin: server.url.origin, log };
}

/** A server that answers everything alike. */
async function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  running.push({
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** What the pod of a server that KMCP doesn't run has in its Deployment. */
const MCP_POD = { containers: [{ name: "mcp-server" }] };

const ready = (more: World = {}): World => ({
  objects: {
    deployments: [kmcpController(), workload("echo", "mcp")],
    mcpservers: [mcpServer("echo", [condition("Ready", "True", "Available", "ready")])],
    pods: [pod("echo-1", "mcp", { labels: { app: "echo" }, containers: [runningReady("mcp-server")] })],
    ...more.objects,
  },
  ...more,
});

async function subjectOf(world: World) {
  const { kubeconfig, asked } = await api(world);
  const report = await diagnose(kubeconfig, { subject: "mcpserver/echo" });
  return { report, subject: report.subjects[0], asked };
}

const ANSWERS = "1 pod ready, answers with 1 tool";

test("a server that is ready is asked for its tools in its pod, and its session ended", async () => {
  const { origin, log } = await echo();
  const { subject, asked } = await subjectOf(ready({ forwarded: { "mcp/echo-1:3000": origin } }));
  expect(subject).toMatchObject({ state: "ready", line: ANSWERS, causes: [] });
  expect(log.join("")).toContain("session closed by its client");
  const others = asked.filter((each) => /portforward|proxy/.test(each) || !each.startsWith("GET "));
  expect(new Set(others)).toEqual(new Set(["GET /api/v1/namespaces/mcp/pods/echo-1/portforward?ports=3000"]));
});

test("where ports aren't forwarded, by the API server's proxy, which is tried once", async () => {
  const { origin, log } = await echo();
  const { subject, asked } = await subjectOf(ready({ proxied: { "mcp/echo-1:3000": origin } }));
  expect(subject).toMatchObject({ state: "ready", line: ANSWERS, causes: [] });
  expect(log.join("")).toContain("session closed by its client");
  const path = "/api/v1/namespaces/mcp/pods/echo-1:3000/proxy/mcp";
  expect(new Set(asked.filter((each) => !each.startsWith("GET ")))).toEqual(
    new Set([`POST ${path}`, `DELETE ${path}`]),
  );
  expect(asked.filter((each) => each.includes("/portforward"))).toHaveLength(1);
});

test("a pod that is ready is asked before one that isn't", async () => {
  const { origin } = await echo();
  const world = ready({ forwarded: { "mcp/echo-0:3000": origin } });
  const conditions = [{ type: "Ready", status: "True" }];
  const old = pod("echo-0", "mcp", {
    labels: { app: "echo" },
    conditions,
    metadata: { creationTimestamp: ago(60) },
  });
  world.objects = { ...world.objects, pods: [...(world.objects?.pods ?? []), old] };
  expect((await subjectOf(world)).subject?.line).toBe(ANSWERS);
});

/** A server of a stdio program, whose pod has these containers. */
function stdio(containers: string[], more: World): World {
  const server = mcpServer("echo", [condition("Ready", "True")]);
  server["spec"] = { transportType: "stdio", stdioTransport: {}, deployment: { port: 3000 } };
  const options = { labels: { app: "echo" }, containers: containers.map(runningReady) };
  const world = ready(more);
  world.objects = { ...world.objects, mcpservers: [server], pods: [pod("echo-1", "mcp", options)] };
  return world;
}

test("the guard of a stdio server has a port of its own, and its path isn't in the cluster", async () => {
  const { origin } = await echo();
  const forwarded = { "mcp/echo-1:3001": origin };
  expect((await subjectOf(stdio(["mcp-server", "guard"], { forwarded }))).subject?.line).toBe(ANSWERS);

  const elsewhere = await answering(404, "Not found");
  const wrong = await subjectOf(
    stdio(["mcp-server", "guard"], { forwarded: { "mcp/echo-1:3001": elsewhere.origin } }),
  );
  expect(wrong.subject).toMatchObject({ state: "ready", line: "1 pod ready" });
  expect(wrong.report.unread[0]?.why).toBe("it is not at /mcp; the cluster doesn't say where");
});

test("a server that is called like a guard isn't one", async () => {
  const { origin } = await echo();
  const other = { metadata: meta("echo-guard", "mcp"), spec: { ports: [{ port: 3001 }] } };
  const world = ready({ forwarded: { "mcp/echo-1:3000": origin } });
  world.objects = { ...world.objects, services: [other] };
  expect((await subjectOf(world)).subject?.line).toBe(ANSWERS);
  const bare = stdio(["mcp-server"], { forwarded: { "mcp/echo-1:3000": origin } });
  bare.objects = { ...bare.objects, services: [other] };
  expect((await subjectOf(bare)).subject?.line).toBe(ANSWERS);
});

test("an http server may have another path", async () => {
  const server = mcpServer("echo", [condition("Ready", "True")]);
  server["spec"] = {
    transportType: "http",
    httpTransport: { path: "/tools/mcp" },
    deployment: { port: 8000 },
  };
  const world = ready();
  world.objects = { ...world.objects, mcpservers: [server] };
  const { asked } = await subjectOf(world);
  expect(asked).toContain("POST /api/v1/namespaces/mcp/pods/echo-1:8000/proxy/tools/mcp");
});

test("a server that KMCP doesn't run is asked at its Service's port", async () => {
  const { origin } = await echo();
  const labels = { "app.kubernetes.io/name": "echo", "app.kubernetes.io/instance": "echo" };
  const server = workload("echo", "mcp", { labels, selector: labels, spec: MCP_POD });
  const service = { metadata: meta("echo", "mcp"), spec: { selector: labels, ports: [{ port: 8000 }] } };
  const { subject } = await subjectOf({
    absent: ["mcpservers"],
    objects: {
      deployments: [server],
      pods: [pod("echo-1", "mcp", { labels, containers: [runningReady("mcp-server")] })],
      services: [service],
    },
    forwarded: { "mcp/echo-1:8000": origin },
  });
  expect(subject).toMatchObject({ kind: "mcpserver", state: "ready", line: ANSWERS });
});

test.each([401, 403, 429])("one that answers %i is there, and gets no credentials", async (status) => {
  const { origin, seen } = await answering(
    status,
    '{"jsonrpc":"2.0","error":{"code":-32001,"message":"no"},"id":1}',
  );
  const { subject } = await subjectOf(ready({ forwarded: { "mcp/echo-1:3000": origin } }));
  expect(subject).toMatchObject({ state: "ready", line: "1 pod ready, answers those who may call" });
  expect(new Set(seen)).toEqual(new Set([undefined]));
});

test.each([
  [404, "Not found", {}, "It has no MCP endpoint there (404): Not found"],
  [200, "<html>", { "content-type": "text/html" }, "It doesn't answer as an MCP server"],
  [502, "token=abcdefgh", {}, "It can't serve now (502): token=[redacted]"],
])("one that answers %i %s isn't ready", async (status, body, headers, message) => {
  const { origin } = await answering(status, body, headers as Record<string, string>);
  const { subject } = await subjectOf(ready({ forwarded: { "mcp/echo-1:3000": origin } }));
  expect(subject?.state).toBe("not ready");
  expect(subject?.causes[0]).toMatchObject({
    cause: "mcp-endpoint",
    summary: expect.stringContaining(message),
  });
});

test.each(["forwarded", "proxied"])("nor is one that nobody listens for, %s", async (way) => {
  const { subject } = await subjectOf(ready({ [way]: { "mcp/echo-1:3000": "http://127.0.0.1:1" } }));
  expect(subject?.causes[0]?.summary).toContain("Nobody listens there");
});

test("nothing is concluded where nothing gets there, or nothing is allowed to", async () => {
  const unreachable = await subjectOf(ready());
  expect(unreachable.subject).toMatchObject({ state: "ready", line: "1 pod ready" });
  const what = "endpoint of mcpserver mcp/echo";
  expect(unreachable.report.unread).toEqual([
    {
      what,
      forbidden: false,
      why: expect.stringMatching(/^port-forward: .*500; by the API server's proxy: /),
    },
  ]);
  const forbidden = await subjectOf(ready({ forbidden: (path) => path.includes("/portforward") }));
  expect(forbidden.subject).toMatchObject({ state: "ready", line: "1 pod ready" });
  expect(forbidden.report.unread).toEqual([
    { what, forbidden: true, why: expect.stringContaining("the rights to get and create pods/portforward") },
  ]);
});

test("a guard that isn't ready is asked why, and its server isn't asked", async () => {
  const { origin } = await answering(
    503,
    '{"status":"not ready","reason":"connect ECONNREFUSED 127.0.0.1:8080"}',
  );
  const containers = [runningReady("mcp-server"), runningNotReady("guard", 3)];
  const { kubeconfig, asked } = await api({
    objects: {
      deployments: [kmcpController(), workload("echo", "mcp", { ready: 0 })],
      mcpservers: [mcpServer("echo", [condition("Ready", "False", "NotAvailable", "0/1 replicas")])],
      pods: [pod("echo-1", "mcp", { labels: { app: "echo" }, nodeName: "n", phase: "Running", containers })],
    },
    forwarded: { "mcp/echo-1:9464": origin },
  });
  const snapshot = await observe(kubeconfig);
  expect(snapshot.guardReasons).toEqual({ "mcp/echo-1": "connect ECONNREFUSED 127.0.0.1:8080" });
  expect(snapshot.mcpAnswers).toEqual({});
  expect(asked.filter((each) => /portforward|proxy/.test(each))).toEqual([
    "GET /api/v1/namespaces/mcp/pods/echo-1/portforward?ports=9464",
  ]);
});
