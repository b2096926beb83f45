import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { connect, openSession, post, request } from "./helpers.ts";

const main = join(import.meta.dirname, "../../../servers/echo/main.ts");
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Runs the server's program with nothing in its environment but what is given. */
function run(env: Record<string, string>, options: { uid?: number; cwd?: string } = {}) {
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "pipe"], ...options });
  children.push(child);
  return child;
}

/** Starts it on a free port and reads the URL from its first log line. */
async function listening(options?: Parameters<typeof run>[1], env: Record<string, string> = {}) {
  const child = run({ HOST: "127.0.0.1", PORT: "0", ...env }, options);
  const lines: Record<string, unknown>[] = [];
  const log = createInterface({ input: child.stdout });
  log.on("line", (line) => lines.push(JSON.parse(line)));
  await Promise.race([
    once(log, "line"),
    once(child, "exit").then(async () => Promise.reject(new Error(await text(child.stderr)))),
  ]);
  return { child, lines, url: new URL(String(lines[0]?.["url"])) };
}

describe("the echo program", () => {
  it("refuses wrong settings in one line", async () => {
    const child = run({ PORT: "http", LOG_LEVEL: "loud" });
    const [stderr, stdout, [code]] = await Promise.all([
      text(child.stderr),
      text(child.stdout),
      once(child, "exit"),
    ]);
    expect(stderr).toBe(
      'echo: PORT must be a whole number from 0 to 65535, not "http"; ' +
        'LOG_LEVEL must be debug, info, warn, error or silent, not "loud"\n',
    );
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  it("says in one line that its port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const child = run({ HOST: "127.0.0.1", PORT: String(port) });
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    other.close();
    expect(stderr).toBe(`echo: port ${port} of 127.0.0.1 is in use; set PORT to a free one\n`);
    expect(code).toBe(1);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends on %s with 0, open streams or not", async (signal) => {
    const { child, lines, url } = await listening({}, { SHUTDOWN_GRACE_SECONDS: "600" });
    await connect(url); // Keeps a stream open, and tries to have it back when it ends.
    const headers = { ...(await openSession(url)), accept: "text/event-stream" };
    const stream = await fetch(url, { headers });
    expect(stream.status).toBe(200);
    // Not "exit": the last lines may still be on their way then.
    const ended = once(child, "close");
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(await stream.text()).toBe("");
    expect(lines.at(-1)?.["msg"]).toBe("stopped");
  });

  it("cuts off what outlasts the grace period", async () => {
    const { child, url } = await listening({}, { SHUTDOWN_GRACE_SECONDS: "0" });
    const never = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from("{")) });
    const options = {
      method: "POST",
      body: never,
      duplex: "half",
      headers: { "content-type": "application/json" },
    };
    const slow = fetch(url, options as RequestInit).then(
      () => "answered",
      () => "cut off",
    );
    // Answered on another connection, so the server has the slow one by then.
    await openSession(url);
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    expect(await slow).toBe("cut off");
  });

  it("logs one line of JSON for each request, without what was said or a whole session id", async () => {
    const { child, lines, url } = await listening();
    const session = await openSession(url);
    const call = request("tools/call", { name: "echo", arguments: { message: "sesame" } });
    await (await post(url, call, session)).text();
    child.kill("SIGTERM");
    await once(child, "close");
    const id = session["mcp-session-id"];
    expect(lines.find(({ rpc }) => rpc === "tools/call")).toMatchObject({
      msg: "request",
      method: "POST",
      status: 200,
      session: id.slice(0, 8),
    });
    expect(JSON.stringify(lines)).not.toContain("sesame");
    expect(JSON.stringify(lines)).not.toContain(id);
  });

  it.skipIf(process.getuid?.() !== 0)("runs as any user, without a home or a place to write", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "echo-"));
    await chmod(cwd, 0o555);
    const { url, child } = await listening({ uid: 4_711_001, cwd });
    const client = await connect(url);
    const { content } = await client.callTool({ name: "echo", arguments: { message: "hi" } });
    expect(content).toEqual([{ type: "text", text: "Echo: hi" }]);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    await rm(cwd, { recursive: true });
  });
});
