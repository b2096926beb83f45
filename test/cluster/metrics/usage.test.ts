import { expect, onTestFinished, test } from "vitest";
import {
  parseStat,
  readProcesses,
  withDescendants,
} from "../../../rehearsal/cluster/metrics/processTable.ts";
import { UsageWatch } from "../../../rehearsal/cluster/metrics/usage.ts";

const row = (pid: number, parent: number, cpuSeconds: number, residentBytes = 1024) => ({
  ...{ pid, parent, cpuSeconds, residentBytes },
});

test("a process's line is read though its name is made to mislead", () => {
  const line =
    "42 (a) R 1 2) S 7 42 42 0 -1 4194304 100 0 0 0 250 50 9 9 20 0 11 0 300 1000000 2560 18446744073709551615";
  expect(parseStat(line)).toEqual({ pid: 42, parent: 7, cpuSeconds: 3, residentBytes: 2560 * 4096 });
  expect(parseStat("")).toBeUndefined();
});

test.runIf(process.platform === "linux")("this process is among those of this machine", async () => {
  const found = (await readProcesses()).find(({ pid }) => pid === process.pid);
  expect(found).toMatchObject({ parent: process.ppid });
  expect(found?.residentBytes).toBeGreaterThan(1024 * 1024);
  expect(found?.cpuSeconds).toBeGreaterThan(0);
});

test("a program is its process and all that it has started", () => {
  const rows = [row(1, 0, 0), row(2, 1, 0), row(3, 2, 0), row(4, 1, 0), row(5, 4, 0)];
  expect(withDescendants(rows, 2).map(({ pid }) => pid)).toEqual([2, 3]);
  expect(withDescendants(rows, 9)).toEqual([]);
});

/** A watch over one program, with what it sees at each look. */
function watchOf(looks: readonly (readonly ReturnType<typeof row>[])[], pids = looks.map(() => 10)) {
  let turn = -1;
  const watch = new UsageWatch(
    () => new Map([["pod-mcp-echo-guard", pids[turn] ?? 0]]),
    async () => looks[turn] ?? [],
    () => turn * 5_000,
  );
  onTestFinished(() => watch.close());
  const look = async () => {
    turn += 1;
    await watch.look();
  };
  return { watch, look };
}

test("what a program uses is known after two looks: the mean of the cores, and the memory of now", async () => {
  const { watch, look } = watchOf([
    [row(10, 1, 2, 1000), row(11, 10, 1, 10)],
    // A child has ended, and another has begun.
    [row(10, 1, 3, 3000), row(12, 10, 0.5, 30)],
  ]);
  await look();
  expect(watch.of("pod-mcp-echo-guard")).toBeUndefined();
  await look();
  expect(watch.of("pod-mcp-echo-guard")).toEqual({
    ...{ cores: 0.3, bytes: 3030, at: new Date(5_000), windowMs: 5_000 },
  });
});

test("a program that was started anew begins anew", async () => {
  const { watch, look } = watchOf([[row(10, 1, 100)], [row(20, 1, 1)], [row(20, 1, 2)]], [10, 20, 20]);
  await look();
  await look();
  expect(watch.of("pod-mcp-echo-guard")).toBeUndefined();
  await look();
  expect(watch.of("pod-mcp-echo-guard")?.cores).toBe(0.2);
});
