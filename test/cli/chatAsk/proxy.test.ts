import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { administrator, QUESTION, startChatWorld } from "../../support/chatWorld.ts";
import { start } from "../running.ts";
import { cluster, IN_CLUSTER, printing } from "./stackSupport.ts";

/** A proxy, of which all that is said to it is kept; it leads to one place, or nowhere. */
async function proxy(to?: string) {
  const said: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => said.push(data.toString()));
    socket.once("data", () => {
      if (to === undefined) {
        socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
        return;
      }
      const { hostname, port } = new URL(to);
      const far = connect(Number(port), hostname, () => {
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        socket.pipe(far).pipe(socket);
      });
      far.on("error", () => socket.destroy());
      sockets.add(far);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const variables = (host: string) => ({ HTTP_PROXY: `http://${host}:${port}`, NODE_USE_ENV_PROXY: "1" });
  return {
    said,
    here: variables("127.0.0.1"),
    // Reaches the same, and is none of the names of loopback: as a proxy somewhere else is called.
    elsewhere: variables("0.0.0.0"),
  };
}

/** As a process of its own: Node reads the proxy's variables when it starts. */
const ask = (env: Record<string, string>, ...args: string[]) =>
  start(["chat-ask", "--json", ...args, QUESTION], env).ended;

test("the password goes by no proxy that is somewhere else, and neither does the forwarded port", async () => {
  const { url } = await startChatWorld();
  const { said, elsewhere } = await proxy(url);
  const { env } = await cluster({ to: url });
  expect(await ask({ ...env, ...elsewhere })).toMatchObject({ code: 0, stderr: "" });
  expect(said).toEqual([]);
}, 30_000);

test("nor does it when a port is named that somebody else forwards", async () => {
  const { url } = await startChatWorld();
  const { said, elsewhere } = await proxy(url);
  const env = { ...elsewhere, no_proxy: "example.com", CHAT_PASSWORD: administrator.password };
  const { code, stderr } = await ask(env, "--url", url, "--email", administrator.email);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(said).toEqual([]);
}, 30_000);

test("a proxy on this machine that leads to the chat app is enough", async () => {
  const { url } = await startChatWorld();
  const { said, here } = await proxy(url);
  const env = await printing({ chat: { url: IN_CLUSTER, administrator } });
  const { code, stdout, stderr } = await ask({ ...env, ...here });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout).calls).toHaveLength(1);
  expect(said[0]).toContain("CONNECT chat.chat.svc.cluster.local:80 ");
}, 30_000);

test("one that leads elsewhere never hears of the password, and the port is forwarded", async () => {
  const { url } = await startChatWorld();
  const { said, here } = await proxy();
  const { env } = await cluster({ to: url });
  expect(await ask({ ...env, ...here, NO_PROXY: "127.0.0.1" })).toMatchObject({ code: 0, stderr: "" });
  expect(said).not.toEqual([]);
  expect(said.join()).not.toContain(administrator.password);
}, 30_000);

test("what NO_PROXY excepts is forwarded, whatever the proxy", async () => {
  const { url } = await startChatWorld();
  const { said, here } = await proxy(url);
  const { env } = await cluster({ to: url });
  const excepted = { ...env, ...here, NO_PROXY: "127.0.0.1,.svc.cluster.local" };
  expect(await ask(excepted)).toMatchObject({ code: 0, stderr: "" });
  expect(said).toEqual([]);
}, 30_000);

test("npm run mcp keeps tokens from such proxies as well", async () => {
  const { said, elsewhere } = await proxy();
  const env = { ...elsewhere, MCP_TOKEN: "a-token" };
  const [service, own] = await Promise.all([
    start(["mcp", "http://echo.mcp.svc.cluster.local/mcp"], env).ended,
    start(["mcp", "http://localhost:9/mcp"], env).ended,
  ]);
  expect([service.code, own.code]).toEqual([1, 1]);
  expect(said).toEqual([]);
}, 30_000);
