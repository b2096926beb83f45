import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { CertificateAuthority } from "../../../rehearsal/certs.ts";
import { administrator, QUESTION, startChatWorld, toolConnection } from "../../support/chatWorld.ts";
import { runHere, start } from "../running.ts";
import { ask, askJson, chatsIn } from "./asking.ts";

/** Something that is no chat app. */
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (status: number, body = "", headers = {}) =>
  serving((_request, response) => void response.writeHead(status, headers).end(body));

test("a model that is down is named, with what to do", async () => {
  const { url, stop } = await startChatWorld();
  await stop.model();
  const { code, stdout, stderr } = await ask(url, [QUESTION]);
  expect(code).toBe(1);
  expect(stderr).toBe(
    [
      "error: the chat app can't reach model phi-4-mini-instruct, or has waited in vain for its answer",
      "  see whether it runs: npm run diagnose; if it does, it takes longer than chat.modelTimeoutSeconds",
      "",
    ].join("\n"),
  );
  expect(stdout).toMatch(/^\nphi-4-mini-instruct, [\d.]+ s\n$/);
});

test("so is one that nobody has named to the chat app, and that it can't list", async () => {
  const { url, stop } = await startChatWorld({ env: { OPENAI_API_CONFIGS: "{}" } });
  expect((await askJson(url, "hello")).code).toBe(0);
  await stop.model();
  const { code, stderr } = await ask(url, [QUESTION]);
  expect(code).toBe(1);
  expect(stderr).toContain("has no models: none of them can be reached");
});

test("a model that can't call tools, or that the question is too long for, says so itself", async () => {
  const unable = await startChatWorld({ model: { callsTools: false, hasToolParser: false } });
  const tools = await ask(unable.url, [QUESTION]);
  expect(tools.code).toBe(1);
  expect(tools.stderr).toContain("tools can't be called by model phi-4-mini-instruct");
  expect(tools.stderr).toContain("--enable-auto-tool-choice");
  const short = await startChatWorld({ model: { maxModelLength: 20 } });
  const context = await ask(short.url, [QUESTION]);
  expect(context.code).toBe(1);
  expect(context.stderr).toContain("too long for model phi-4-mini-instruct: You passed");
});

test.each([
  ["is away", { url: "http://127.0.0.1:1/mcp" }, {}],
  [
    "refuses the chat app's token",
    { auth_type: "bearer", key: "wrong" },
    { authentication: { jwt: { issuer: "https://issuer.example.com", audience: ["x"] } } },
  ],
])("an MCP server that %s is named, and the answer comes without it", async (_how, connection, guard) => {
  const { url, env } = await startChatWorld({ guard });
  const [usual] = JSON.parse(env["TOOL_SERVER_CONNECTIONS"] ?? "[]");
  const broken = await startChatWorld({
    env: { TOOL_SERVER_CONNECTIONS: JSON.stringify([toolConnection(usual.url, connection)]) },
  });
  expect(url).not.toBe(broken.url);
  const report = await askJson(broken.url, QUESTION);
  expect(report).toMatchObject({ code: 1, calls: [] });
  expect(report.answer).toMatch(/no tool to search it with/);
  expect(report.problems).toMatchObject([
    { link: "tools", what: expect.stringMatching(/no connection to MCP server open-websearch/) },
  ]);
  expect(report.problems[0]?.remedy).toContain("npm run diagnose -- mcpserver/open-websearch");
});

test("an MCP server whose policy leaves the chat app no tool is named", async () => {
  const { url } = await startChatWorld({ guard: { authorization: { default: "deny" } } });
  const report = await askJson(url, QUESTION);
  expect(report.code).toBe(1);
  expect(report.answer).toMatch(/no tool to search it with/);
  expect(report.problems).toMatchObject([
    { what: "MCP server open-websearch lets the chat app call none of its tools" },
  ]);
});

test("a call that the guard refuses is a broken link, with the guard's own words", async () => {
  const { url } = await startChatWorld({
    guard: { limits: { tools: { search: { calls: 1, seconds: 600 } } } },
  });
  expect((await askJson(url, QUESTION)).code).toBe(0);
  const report = await askJson(url, QUESTION);
  expect(report.code).toBe(1);
  expect(report.answer).toMatch(/couldn't search the web.*Too many calls/);
  expect(report.calls).toMatchObject([{ status: "failed", error: expect.stringMatching(/Too many calls/) }]);
  expect(report.problems[0]).toMatchObject({
    what: expect.stringMatching(
      /^tool open-websearch_search failed: Too many calls: 1 calls of search in 600/,
    ),
    remedy: "a limit of its guard is used up: wait, or raise it",
  });
});

test("a sign-in that is refused says who, and not the password", async () => {
  const { url } = await startChatWorld();
  const { code, stderr } = await ask(url, [QUESTION], { CHAT_PASSWORD: "not-the-password" });
  expect(code).toBe(1);
  expect(stderr).toMatch(/refuses to sign in admin@chat\.internal: The email or password.*first start/);
  expect(stderr).not.toContain("not-the-password");
});

test.each([
  [503, "isn't ready (503)"],
  [502, "isn't ready (502)"],
  [429, "has had too many requests"],
  [404, "is no Open WebUI"],
  [301, "redirects elsewhere (301)"],
  [500, "answers 500 to /api/v1/auths/signin"],
  [200, "is no Open WebUI"],
])("an answer of %i is explained", async (status, words) => {
  const headers = status === 301 ? { location: "https://chat.example.com/" } : {};
  const { code, stderr } = await ask(await answering(status, "<html>", headers), [QUESTION]);
  expect(code).toBe(1);
  expect(stderr).toContain(words);
});

test("nobody there, and somebody who says nothing", async () => {
  const closed = await startChatWorld();
  await closed.stop.chat();
  const gone = await ask(closed.url, [QUESTION]);
  expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining("nothing listens there") });
  const silent = await ask(await serving(() => {}), ["--timeout", "0.2", QUESTION]);
  expect(silent).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/gave no answer within 0\.2 s; --timeout <seconds> waits longer\n$/),
  });
});

test.each([
  [["--url", "chat.example.com", "x"], "--url must be the address of the chat app's page"],
  [["--url", "https://u:p@chat.example.com", "x"], "--url must have no user and password"],
  [["--url", "https://chat.example.com/c/1", "x"], "--url must have no path"],
  [["--url", "https://chat.example.com", "x"], "--url needs --email"],
  [["--email", "a@example.com", "x"], "--email needs the account's password in the variable CHAT_PASSWORD"],
  [[" "], "the question is empty"],
  [[], "missing required argument 'question'"],
  [["--password", "x", "y"], "unknown option '--password'"],
  [["--timeout", "0", "x"], "It must be a number above 0."],
])("a wrong command line: %j", async (args, words) => {
  const { code, stderr } = await runHere(["chat-ask", ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});

test("an interrupted question is ended at the chat app", async () => {
  let stopped: (path: string) => void = () => {};
  const stop = new Promise<string>((resolve) => {
    stopped = resolve;
  });
  // Of a model that never answers, the chat app is all that is needed.
  const hanging = await serving((request) => {
    if (request.url?.endsWith("/chat/completions")) child.kill("SIGINT");
  });
  const { url, dir } = await startChatWorld({ env: { OPENAI_API_BASE_URLS: `${hanging}/v1` } });
  const seen = await serving(async (request, response) => {
    const path = request.url ?? "";
    const body = request.method === "POST" ? await new Response(request as never).text() : undefined;
    const { authorization = "" } = request.headers;
    const answer = await fetch(url + path, { method: request.method, headers: { authorization }, body });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
    if (path.startsWith("/api/tasks/stop/")) stopped(path);
  });
  const { email, password } = administrator;
  const { child, ended } = start(["chat-ask", "--url", seen, "--email", email, QUESTION], {
    CHAT_PASSWORD: password,
  });
  expect(await ended).toMatchObject({
    code: 130,
    stdout: "",
    stderr: "error: interrupted; the chat app was told to stop\n",
  });
  expect(await stop).toMatch(/^\/api\/tasks\/stop\/[0-9a-f-]+$/);
  expect(chatsIn(dir)).toEqual([]);
}, 30_000);

test("one whose time is over leaves no chat either", async () => {
  const hanging = await serving(() => {});
  const { url, dir } = await startChatWorld({ env: { OPENAI_API_BASE_URLS: `${hanging}/v1` } });
  const { code, stderr } = await ask(url, ["--timeout", "2", QUESTION]);
  expect(code).toBe(1);
  expect(stderr).toContain("gave no answer within 2 s");
  expect(chatsIn(dir)).toEqual([]);
}, 30_000);

test("a certificate of an unknown authority is told with what helps, also for staging", async () => {
  const authority = await CertificateAuthority.create("staging");
  const pair = await authority.issue({ name: "chat", hosts: ["127.0.0.1"] });
  const server = createTlsServer(pair).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, stderr } = await ask(url, [QUESTION]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/ingress\.tls\.issuer staging\n.* NODE_EXTRA_CA_CERTS, .* --in-cluster\n$/);
});

test("a password that would cross a network in the clear is warned of", async () => {
  const { stderr } = await ask("http://192.0.2.1", ["--timeout", "0.1", QUESTION]);
  expect(stderr).toMatch(/^warning: the password goes to 192\.0\.2\.1 in the clear; use https\n/);
});
