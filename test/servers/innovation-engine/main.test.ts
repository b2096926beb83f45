import { once } from "node:events";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, it, onTestFinished } from "vitest";
import { ended } from "../mcp-http/program.ts";
import {
  call,
  document,
  fakeIe,
  folder,
  leaver,
  lifeline,
  main,
  patience,
  type Served,
  serve,
} from "./helpers.ts";

describe("the Innovation Engine program", { timeout: patience }, () => {
  it.each([
    ["a missing ie", () => ({ IE_PATH: "/nowhere/ie" }), "IE_PATH: there is no program /nowhere/ie"],
    ["another ie", () => ({ IE_PATH: fakeIe({ commit: "1234567" }) }), "is commit 1234567"],
    [
      "a catalogue that isn't there",
      () => ({ CATALOGUE_DIR: "/nowhere" }),
      "CATALOGUE_DIR /nowhere is not a folder",
    ],
    [
      "wrong settings",
      () => ({ PORT: "x", RUN_SECONDS: "x" }),
      "PORT must be a whole number from 0 to 65535",
    ],
    [
      "a place that can't be written",
      () => ({ WORK_DIR: "/proc/none" }),
      "WORK_DIR /proc/none can't be written by user",
    ],
  ])("refuses %s in one line", async (_what, env, message) => {
    const { stderr, code } = await ended(main, {
      WORK_DIR: folder(),
      PORT: "0",
      IE_PATH: fakeIe(),
      ...env(),
    });
    expect(stderr).toMatch(/^innovation-engine: [^\n]*\n$/);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });

  it("speaks to one client on standard input and output, where nothing else is written", async () => {
    const client = new Client({ name: "test", version: "1" });
    const env = { IE_PATH: fakeIe(), WORK_DIR: folder() };
    const args = [main, "--transport", "stdio"];
    const transport = new StdioClientTransport({ command: process.execPath, args, env, stderr: "ignore" });
    const errors: Error[] = [];
    transport.onerror = (error) => errors.push(error);
    await client.connect(transport);
    const answer = await client.callTool({ name: "inspect_document", arguments: { name: "say-hello" } });
    expect(answer.structuredContent).toMatchObject({ title: "Say hello" });
    await client.close();
    expect(errors).toEqual([]);
  });

  it("takes running documents with it when it ends", async () => {
    const env = {
      IE_PATH: fakeIe(),
      ALLOW_EXECUTE: "true",
      SHUTDOWN_GRACE_SECONDS: "0",
      KILL_GRACE_SECONDS: "0",
    };
    const server = await started(env);
    const line = lifeline();
    const commands = `trap '' TERM\nexec 7> ${line.path}\n${leaver} &\nsleep 1000`;
    const running = call(server, "execute_document", { content: document(commands) }).catch(() => "cut off");
    await line.begun;
    const exited = once(server.child, "exit");
    server.child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    await line.ended;
    await server.client.close();
    expect(await running).toBe("cut off");
  });

  it("tells from time to time that a long block goes on", async () => {
    const server = await started({ IE_PATH: fakeIe(), ALLOW_EXECUTE: "true", HEARTBEAT_SECONDS: "1" });
    const pipe = lifeline();
    const stop = new AbortController();
    const beats: number[] = [];
    const enough = Promise.withResolvers<void>();
    const onprogress = ({ progress }: { progress: number }) => {
      beats.push(progress);
      if (beats.length === 3) enough.resolve();
    };
    const content = document(`exec 7> ${pipe.path}\nsleep 1000`);
    const running = call(server, "test_document", { content }, { signal: stop.signal, onprogress });
    await enough.promise;
    stop.abort("enough");
    await expect(running).rejects.toThrow("enough");
    expect(beats).toEqual([1 / 2, 2 / 3, 3 / 4]);
    await pipe.ended;
  });

  it("runs one document at a time with an ie that keeps its state in fixed places", async () => {
    const state = folder();
    const server = await started({
      IE_PATH: fakeIe({ version: "dev", state }),
      ALLOW_EXECUTE: "true",
      MAX_RUNS: "5",
    });
    expect(server.lines.map(({ msg }) => msg)).toContain(
      "this build of ie keeps its state in /tmp: documents run one at a time",
    );
    const line = lifeline();
    const stop = new AbortController();
    const content = document(`exec 7> ${line.path}\necho here >&7\nsleep 1000`);
    const first = call(server, "execute_document", { content }, { signal: stop.signal });
    await line.begun;
    const waiting = Promise.withResolvers<string | undefined>();
    const onprogress = ({ message }: { message?: string }) => waiting.resolve(message);
    const second = call(server, "execute_document", { name: "say-hello" }, { onprogress });
    expect(await waiting.promise).toBe("waits for 1 other runs");
    stop.abort("enough");
    await expect(first).rejects.toThrow("enough");
    expect((await second).data.outcome).toBe("passed");
  });
});

async function started(env: Record<string, string>): Promise<Served> {
  const server = await serve(env);
  onTestFinished(async () => {
    await server.client.close();
    server.child.kill("SIGKILL");
  });
  return server;
}
