import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type ProcessOptions, runProcess } from "../../../servers/innovation-engine/engine/process.ts";
import { folder, leaver, lifeline } from "./helpers.ts";

afterEach(() => vi.useRealTimers());

let runs = 0;

/** Runs commands in a shell; only its own timers are ours to move. */
function run(script: string, options: Partial<ProcessOptions> = {}) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const written: string[] = [];
  const ended = runProcess({
    path: "/bin/bash",
    // A pipe of Node's is a socket, at which bash would read the user's own settings.
    args: ["--norc", "-c", script],
    cwd: folder(),
    env: { PATH: "/usr/bin:/bin", GREETING: "hello" },
    run: `test-${process.pid}-${runs++}`,
    timeoutMs: 1000,
    killGraceMs: 500,
    signal: new AbortController().signal,
    onStdout: (chunk) => written.push(Buffer.from(chunk).toString()),
    ...options,
  });
  return { ended, written };
}

describe("a process", () => {
  it("has the environment that it is given and nothing else", async () => {
    const { ended, written } = run("env | sort; echo; test -t 0 || echo no terminal; exit 7");
    expect(await ended).toEqual({ code: 7, ended: "itself" });
    const names = written
      .join("")
      .split("\n\n")[0]
      ?.split("\n")
      .map((line) => line.split("=")[0]);
    expect(names).toEqual(["GREETING", "INNOVATION_ENGINE_RUN", "PATH", "PWD", "SHLVL", "_"]);
    expect(written.join("")).toContain("no terminal");
  });

  it("is asked to end at its limit, and may clean up", async () => {
    const line = lifeline();
    // Until it is the other program, what the shell forked has the shell's trap too.
    const other = "sleep 1000 & until read -r name < /proc/$!/comm && test $name = sleep; do :; done";
    const { ended, written } = run(
      `trap 'echo cleaned; exit 9' TERM; exec 7> ${line.path}; ${other}; echo here >&7; wait`,
    );
    await line.begun;
    vi.advanceTimersByTime(999);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(await ended).toEqual({ code: 9, ended: "timed-out" });
    expect(written.join("")).toBe("cleaned\n");
    await line.ended;
  });

  it("is killed after a time of grace when it won't, with those that left its group", async () => {
    const line = lifeline();
    const { ended } = run(`trap '' TERM; exec 7> ${line.path}; ${leaver} & sleep 1000; sleep 1000`);
    await line.begun;
    vi.advanceTimersByTime(1000);
    // It has been asked by the time that the processes have been looked through.
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    vi.advanceTimersByTime(500);
    expect(await ended).toEqual({ code: null, ended: "timed-out" });
    await line.ended;
  });

  it("ends without one of its processes that has escaped and holds its output", async () => {
    const [line, file] = [lifeline(), join(folder(), "pid")];
    const escaped = `env -i setsid sh -c 'echo $$ > ${file}; echo > gone; echo here >&7; exec sleep 1000'`;
    const script = `mkfifo gone; exec 7> ${line.path}; ${escaped} & read < gone; echo done`;
    const { ended, written } = run(script, { timeoutMs: 10_000 });
    await line.begun;
    onTestFinished(() => void process.kill(Number(readFileSync(file, "utf8"))));
    // One for its limit, and one since its end.
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(2));
    vi.advanceTimersByTime(2000);
    expect(await ended).toEqual({ code: 0, ended: "itself" });
    expect(written).toEqual(["done\n"]);
  });

  it("does not begin when it is cancelled before", async () => {
    const signal = AbortSignal.abort();
    const { ended, written } = run("echo begun", { signal });
    expect([await ended, written]).toEqual([{ code: null, ended: "cancelled" }, []]);
  });

  it("that can't be started is an error", async () => {
    await expect(run("", { path: "/nowhere" }).ended).rejects.toThrow("ENOENT");
  });
});
