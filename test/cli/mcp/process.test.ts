import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { CertificateAuthority } from "../../../rehearsal/certs.ts";
import { start } from "../running.ts";
import { messageOf, serverWith, serving } from "./serving.ts";

const { answer, serve } = serving();

const env = { NO_PROXY: "127.0.0.1" };

test("an interrupted call is cancelled at the server, and its session ended", async () => {
  let cancelled: (reason: unknown) => void = () => {};
  const reason = new Promise((resolve) => {
    cancelled = resolve;
  });
  const log: string[] = [];
  const url = await serve(
    serverWith((server) => {
      server.registerTool("wait", {}, async ({ signal, _meta, sendNotification }) => {
        signal.addEventListener("abort", () => cancelled(signal.reason));
        const params = { progressToken: _meta?.progressToken ?? "", progress: 1, message: "waiting" };
        await sendNotification({ method: "notifications/progress", params });
        return new Promise(() => {});
      });
    }),
    (line) => log.push(line),
  );
  const { child, ended } = start(["mcp", url, "wait"], env);
  // It runs at the server when its progress comes.
  child.stderr?.once("data", () => child.kill("SIGINT"));
  expect(await ended).toMatchObject({
    code: 130,
    stdout: "",
    stderr: "progress 1: waiting\nerror: interrupted; the server was told to cancel\n",
  });
  expect(await reason).toMatch(/abort/i);
  expect(log.join("")).toContain("session closed by its client");
}, 30_000);

test("a server without sessions is told, too", async () => {
  const methods: unknown[] = [];
  const url = await answer(async (request, response) => {
    if (request.method !== "POST") return void response.writeHead(405).end();
    const { id, method } = await messageOf(request);
    methods.push(method);
    const results: Record<string, object> = {
      initialize: {
        protocolVersion: "2025-06-18",
        capabilities: { tools: {} },
        serverInfo: { name: "x", version: "1" },
      },
      "tools/list": { tools: [{ name: "wait", inputSchema: { type: "object" } }] },
    };
    const result = results[method ?? ""];
    // Nobody answers the call; its client is interrupted once it is here.
    if (method === "tools/call") return void child.kill("SIGINT");
    response.writeHead(result ? 200 : 202, { "content-type": "application/json" });
    response.end(result && JSON.stringify({ jsonrpc: "2.0", id, result }));
  });
  const { child, ended } = start(["mcp", url, "wait"], env);
  expect((await ended).code).toBe(130);
  expect(methods.slice(-2)).toEqual(["tools/call", "notifications/cancelled"]);
}, 30_000);

test("arguments from standard input", async () => {
  const url = await serve(
    serverWith((server) => {
      server.registerTool("say", { inputSchema: { message: z.string() } }, ({ message }) => ({
        content: [{ type: "text", text: message }],
      }));
    }),
  );
  const { child, ended } = start(["mcp", url, "say", "-"], env);
  child.stdin?.end('{"message": "from a pipe"}');
  expect(await ended).toMatchObject({ code: 0, stdout: "from a pipe\n" });
}, 30_000);

test("--ca names the authority of a certificate that nobody else trusts", async () => {
  const dir = await mkdtemp(join(tmpdir(), "mcp-ca-"));
  try {
    const authority = await CertificateAuthority.create("test");
    const pair = await authority.issue({ name: "mcp", hosts: ["127.0.0.1"] });
    const ca = join(dir, "ca.pem");
    await writeFile(ca, authority.cert);
    const listener = (_request: unknown, response: { writeHead(code: number): { end(): void } }) =>
      response.writeHead(418).end();
    const url = (await answer(listener, () => createServer(pair))).replace("http:", "https:");
    const [without, flag, variable] = await Promise.all([
      start(["mcp", url], env).ended,
      start(["mcp", url, "--ca", ca], env).ended,
      start(["mcp", url], { ...env, NODE_EXTRA_CA_CERTS: ca }).ended,
    ]);
    expect(without.stderr).toContain("a certificate of an unknown authority: name its file with --ca");
    expect([flag.stderr, variable.stderr]).toEqual(Array(2).fill(`error: ${url} answers 418\n`));
  } finally {
    await rm(dir, { recursive: true });
  }
}, 30_000);
