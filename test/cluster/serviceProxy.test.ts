import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { type ServiceProxy, startServiceProxy } from "../../rehearsal/cluster/serviceProxy.ts";

let server: Server;
let proxy: ServiceProxy;
const asked: [string, number][] = [];

beforeEach(async () => {
  asked.length = 0;
  server = createServer(async (incoming, response) => {
    const seen = { method: incoming.method, url: incoming.url, host: incoming.headers.host };
    response.end(JSON.stringify({ ...seen, body: await text(incoming) }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  proxy = await startServiceProxy(async (host, asPort) => {
    asked.push([host, asPort]);
    return host.startsWith("echo.") || host === "10.0.0.7" ? port : undefined;
  });
});
afterEach(async () => {
  await proxy.close();
  server.close();
  server.closeAllConnections();
});

/** Asks as a client does that was told of the proxy: with the whole URL. */
async function ask(url: string, body = "") {
  const call = request({ host: "127.0.0.1", port: proxy.port, path: url, method: "POST" });
  call.end(body);
  const [response] = await once(call, "response");
  return { status: response.statusCode as number, body: await text(response) };
}

test("a Service is reached by its name, with the request as it was", async () => {
  const { status, body } = await ask("http://echo.mcp.svc.cluster.local:3000/mcp?x=1", "hello");
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({
    ...{ method: "POST", url: "/mcp?x=1", host: "echo.mcp.svc.cluster.local:3000", body: "hello" },
  });
  expect(asked).toEqual([["echo.mcp.svc.cluster.local", 3000]]);
});

test("a pod is reached at its address, as Prometheus asks for its metrics", async () => {
  expect((await ask("http://10.0.0.7:9464/metrics")).status).toBe(200);
  expect((await ask("http://10.0.0.8:9464/metrics")).status).toBe(503);
  expect(asked).toEqual([
    ["10.0.0.7", 9464],
    ["10.0.0.8", 9464],
  ]);
});

test("a Gateway's public host is reached by its name, too, and no other host", async () => {
  const { port } = server.address() as { port: number };
  const way = await startServiceProxy(
    async () => undefined,
    0,
    (host, asPort) => (host === "chat.example.com" && asPort === 80 ? port : undefined),
  );
  onTestFinished(() => way.close());
  const get = async (url: string) => {
    const call = request({ host: "127.0.0.1", port: way.port, path: url });
    call.end();
    const [response] = await once(call, "response");
    return { status: response.statusCode, body: await text(response) };
  };
  expect(JSON.parse((await get("http://chat.example.com/a")).body)).toMatchObject({
    ...{ url: "/a", host: "chat.example.com" },
  });
  expect((await get("http://chat.example.com:8080/a")).status).toBe(403);
});

test("and through a tunnel, as fetch asks for it", async () => {
  const client = connect(proxy.port, "127.0.0.1");
  client.write("CONNECT echo.mcp.svc:80 HTTP/1.1\r\nHost: echo.mcp.svc:80\r\n\r\n");
  const [established] = await once(client, "data");
  expect(String(established)).toMatch(/^HTTP\/1\.1 200 /);
  client.write("GET /healthz HTTP/1.1\r\nHost: echo.mcp.svc\r\nConnection: close\r\n\r\n");
  expect(await text(client)).toContain('"url":"/healthz"');
  expect(asked).toEqual([["echo.mcp.svc", 80]]);
});

test.each([
  ["http://example.com/", 403, "example.com is no Service of the cluster"],
  ["http://gone.mcp.svc:3000/mcp", 503, "no pod that runs here stands behind gone.mcp.svc port 3000"],
  ["/mcp", 400, "not a request to a proxy"],
])("%s is refused with %i", async (url, status, reason) => {
  expect(await ask(url)).toEqual({ status, body: `${reason}\n` });
});

test("a pod's program loses the connection to a Service that nobody stands behind", async () => {
  const forPods = await startServiceProxy(async () => undefined, 0, undefined, "pod");
  const call = request({
    host: "127.0.0.1",
    port: forPods.port,
    path: "http://echo.mcp.svc:80/",
    agent: false,
  });
  const failed = once(call, "response").then(
    () => "answered",
    (error: NodeJS.ErrnoException) => error.code,
  );
  call.end();
  expect(await failed).toBe("ECONNRESET");
  await forPods.close();
});
