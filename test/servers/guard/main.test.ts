import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startFixture } from "./fixture.ts";
import { callOf, closing, connect, messagesOf, openSession, post } from "./helpers.ts";
import { runGuard } from "./program.ts";

const fixtureUrl = async () => {
  const fixture = closing(await startFixture());
  return { fixture, upstream: { url: fixture.url.href } };
};

describe("the guard's program", () => {
  it("refuses wrong settings in one line", async () => {
    const program = await runGuard("server: s\nupstream: { url: nowhere }\nauthentication: {}\nlisen: {}\n");
    const { code, stderr } = await program.ended();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^guard: \S+guard\.yaml: upstream\.url must be a URL .*; authentication must have .*; lisen is not known here; did you mean listen\?\n$/,
    );
  });

  it("says in one line that its port is in use", async () => {
    const other = closing(createServer().listen(0, "127.0.0.1"));
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { upstream } = await fixtureUrl();
    const program = await runGuard({ upstream, management: { host: "127.0.0.1", port } });
    const { code, stderr } = await program.ended();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^guard: port ${port} of 127.0.0.1 is in use; set another one .*\\n$`));
  });

  it("finishes what runs after SIGTERM, says that it isn't ready, takes nothing new, and ends with 0", async () => {
    const { fixture, upstream } = await fixtureUrl();
    const program = await runGuard({ upstream, shutdownGraceSeconds: 600 });
    const { url, management } = await program.listening();
    const session = await openSession(url);
    const stream = await fetch(url, { headers: { ...session, accept: "text/event-stream" } });
    const running = post(url, callOf("wait", {}, 7), session);
    await fixture.waiting;
    program.child.kill("SIGTERM");
    expect(await stream.text()).toBe("");
    const ready = await fetch(new URL("/readyz", management));
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: "not ready", reason: "The guard is shutting down" },
    ]);
    const another = post(url, callOf("echo"), session).then(
      ({ status }) => status,
      () => "refused",
    );
    // By the listener, or on a connection from before.
    expect([503, "refused"]).toContain(await another);
    fixture.release();
    expect(await messagesOf(await running)).toMatchObject([
      { id: 7, result: { content: [{ text: "too late" }] } },
    ]);
    expect(await program.ended()).toEqual({ code: 0, stderr: "" });
    expect(program.lines.at(-1)).toMatchObject({ msg: "stopped" });
  });

  it("cuts off what outlasts the grace period, and writes it down", async () => {
    const { fixture, upstream } = await fixtureUrl();
    const program = await runGuard({ upstream, shutdownGraceSeconds: 0 });
    const { url } = await program.listening();
    const session = await openSession(url);
    const running = post(url, callOf("wait"), session);
    await fixture.waiting;
    program.child.kill("SIGTERM");
    expect(await program.ended()).toEqual({ code: 0, stderr: "" });
    await running.then((response) => response.text()).catch(() => {});
    expect(program.lines.find(({ audit }) => audit)).toMatchObject({ tool: "wait", outcome: "cancelled" });
    await fixture.aborted;
  });

  it.skipIf(process.getuid?.() !== 0)("runs as any user, without a home or a place to write", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "guard-cwd-"));
    onTestFinished(() => rm(cwd, { recursive: true }));
    await chmod(cwd, 0o555);
    const { upstream } = await fixtureUrl();
    const program = await runGuard({ upstream }, { uid: 4_711_001, cwd });
    const { url } = await program.listening();
    const client = await connect(url);
    const { content } = await client.callTool({ name: "echo", arguments: { message: "hi" } });
    expect(content).toEqual([{ type: "text", text: "Echo: hi" }]);
  });
});
