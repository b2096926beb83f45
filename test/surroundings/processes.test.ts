import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stopEnvironment } from "../../rehearsal/environment.ts";
import { treeKiB } from "../../rehearsal/memory.ts";
import { endLeftovers, Ports, Processes } from "../../rehearsal/processes.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mcpaas-test-"));
});
afterEach(() => rm(dir, { recursive: true }));

test("a process that ends on its own is a failure that carries the end of its log", async () => {
  const failure = new Promise<Error>((resolve) => {
    const processes = new Processes(dir, resolve);
    void processes.start({ name: "fragile", program: "sh", args: ["-c", "echo out of cheese; exit 3"] });
  });
  expect((await failure).message).toBe("fragile ended (exit code 3)\nout of cheese");
});

test("a process that is asked to end is no failure, and what it wrote stays", async () => {
  const failures: Error[] = [];
  const processes = new Processes(dir, (error) => failures.push(error));
  const child = await processes.start({
    name: "steady",
    program: "sh",
    args: ["-c", "echo here; exec sleep 60"],
  });
  await processes.stopAll();
  expect(child.signalCode).toBe("SIGTERM");
  expect(failures).toEqual([]);
  expect(await readFile(processes.logOf("steady"), "utf8")).toMatch(/^(here\n)?$/);
});

test("a process that ignores SIGTERM does not outlive the others", async () => {
  const processes = new Processes(dir, () => undefined, 50);
  const child = await processes.start({
    name: "stubborn",
    program: process.execPath,
    args: ["-e", "process.on('SIGTERM', () => {}); process.stdout.write('up'); setInterval(() => {}, 1000)"],
  });
  while ((await readFile(processes.logOf("stubborn"), "utf8")) !== "up") {
    await new Promise(setImmediate);
  }
  await processes.stopAll();
  expect(child.signalCode).toBe("SIGKILL");
});

test("a process may be given longer to end, but not when all are ended", async () => {
  const processes = new Processes(dir, () => undefined, 50);
  const child = await processes.start({
    name: "slow",
    program: process.execPath,
    args: ["-e", "process.on('SIGTERM', () => {}); process.stdout.write('up'); setInterval(() => {}, 1000)"],
  });
  while ((await readFile(processes.logOf("slow"), "utf8")) !== "up") {
    await new Promise(setImmediate);
  }
  const stopped = processes.stop("slow", 3_600_000);
  await processes.stopAll();
  await stopped;
  expect(child.signalCode).toBe("SIGKILL");
});

test("nothing is started any more once all are being ended", async () => {
  const processes = new Processes(dir, () => undefined);
  await processes.stopAll();
  await expect(processes.start({ name: "late", program: "sleep", args: ["60"] })).rejects.toThrow(
    /is ending/,
  );
});

test("processes whose supervisor was killed are found again by id and start, and no others", async () => {
  const child = await new Processes(dir, () => undefined).start({
    name: "left",
    program: "sleep",
    args: ["60"],
  });
  const gone = once(child, "exit");
  const other = { pid: process.pid, started: "another time" };
  await appendFile(join(dir, "processes.jsonl"), `${JSON.stringify(other)}\n`);
  expect(await endLeftovers(dir)).toBe(1);
  await gone;
  expect(child.signalCode).toBe("SIGKILL");
  expect(await endLeftovers(dir)).toBe(0);
});

test("what a killed supervisor left is ended by --down too, and nothing is said to run then", async () => {
  const child = await new Processes(dir, () => undefined).start({
    name: "left",
    program: "sleep",
    args: ["60"],
  });
  const gone = once(child, "exit");
  expect(await stopEnvironment(dir)).toBe(true);
  await gone;
  expect(await stopEnvironment(dir)).toBe(false);
});

test("a program that doesn't exist is a failure, not a crash", async () => {
  const failure = new Promise<Error>((resolve) => {
    void new Processes(dir, resolve).start({ name: "absent", program: join(dir, "absent"), args: [] });
  });
  expect((await failure).message).toMatch(/^absent ended \(spawn .*ENOENT\)/);
});

test("a port that the user chose and that is taken is named with its purpose", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  await expect(new Ports(port).take("etcd")).rejects.toMatchObject({
    message: `port ${port}, meant for etcd, is in use (EADDRINUSE)`,
    hint: expect.stringContaining("--port-base"),
  });
  taken.close();
});

test("a server of one's own takes a port when it listens, or the next that the user chose", async () => {
  expect(await new Ports().own("the API server's way")).toBe(0);
  const free = await new Ports().take("anything");
  const chosen = new Ports(free);
  expect(await chosen.own("the API server's way")).toBe(free);
});

test("memory is summed over a process and all its descendants, and no others", () => {
  const table = ["  1 0 10", " 20 1 100", " 21 20 200", " 22 21 300", " 30 1 1000", ""].join("\n");
  expect(treeKiB(table, 20)).toBe(600);
});
