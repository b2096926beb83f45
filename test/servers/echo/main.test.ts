import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { connect, openSession, post, request } from "../mcp-http/helpers.ts";
import { ended, listening } from "../mcp-http/program.ts";

const main = join(import.meta.dirname, "../../../servers/echo/main.ts");

describe("the echo program", () => {
  it("refuses wrong settings in one line", async () => {
    const { stderr, stdout, code } = await ended(main, { PORT: "http", LOG_LEVEL: "loud" });
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
    const { stderr, code } = await ended(main, { HOST: "127.0.0.1", PORT: String(port) });
    other.close();
    expect(stderr).toBe(`echo: port ${port} of 127.0.0.1 is in use; set PORT to a free one\n`);
    expect(code).toBe(1);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends on %s with 0, open streams or not", async (signal) => {
    const { child, lines, url } = await listening(main, { SHUTDOWN_GRACE_SECONDS: "600" });
    await connect(url); // Keeps a stream open, and tries to have it back when it ends.
    const headers = { ...(await openSession(url)), accept: "text/event-stream" };
    const stream = await fetch(url, { headers });
    expect(stream.status).toBe(200);
    // Not "exit": the last lines may still be on their way then.
    const closed = once(child, "close");
    child.kill(signal);
    expect(await closed).toEqual([0, null]);
    expect(await stream.text()).toBe("");
    expect(lines.at(-1)?.["msg"]).toBe("stopped");
  });

  it("cuts off what outlasts the grace period", async () => {
    const { child, url } = await listening(main, { SHUTDOWN_GRACE_SECONDS: "0" });
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
    const { child, lines, url } = await listening(main);
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
    const { url, child } = await listening(main, {}, { uid: 4_711_001, cwd });
    const client = await connect(url);
    const { content } = await client.callTool({ name: "echo", arguments: { message: "hi" } });
    expect(content).toEqual([{ type: "text", text: "Echo: hi" }]);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    await rm(cwd, { recursive: true });
  });
});
