import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { repository } from "../../rehearsal/workspace.ts";

let root: string;
let dir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mcpaas-command-"));
  dir = join(root, "run");
});
afterEach(async () => {
  await rehearse("--down");
  await rm(root, { recursive: true, force: true });
});

const script = join(repository, "rehearsal", "rehearse.ts");

/** State is saved when a command ends, not after each step: `StageOptions.checkpoints` has the reason. */
function rehearse(...args: string[]) {
  const env = { PULUMI_SKIP_CHECKPOINTS: "true" };
  return execa(process.execPath, [script, "--dir", dir, ...args], { reject: false, cwd: repository, env });
}

/**
 * Processes that this run has started: all of them carry its folder in an argument or a variable. `e`
 * shows the variables.
 */
async function alive(): Promise<string[]> {
  const { stdout } = await execa("ps", ["axeww", "-o", "pid=,args="]);
  return stdout
    .split("\n")
    .filter((line) => line.includes(root) && !line.includes("axeww"))
    .map((line) => line.slice(0, 120));
}

async function untilNoneAlive(): Promise<void> {
  while ((await alive()).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Starts a rehearsal of the stack `local`, which is made soonest. */
async function startAndReach(line: RegExp): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, "--stack", "local", "--dir", dir], {
    cwd: repository,
    // A group of its own, so that a test can interrupt all of it, as a terminal does.
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      if (line.test(text)) {
        resolve();
      }
    });
    child.on("exit", () => reject(new Error(`it ended before it printed ${line}:\n${text}`)));
  });
  return child;
}

test("the whole rehearsal goes well, as JSON for machines, and leaves no process", async () => {
  const done = await rehearse("--json");
  const summary = JSON.parse(done.stdout);
  expect(summary.phases.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok])).toEqual([
    ["preview", true],
    ["up", true],
    ["up again", true],
    ["destroy", true],
    ["nothing left", true],
  ]);
  expect(summary.ok).toBe(true);
  expect(summary.stack.outputs.vmSizes.gpu).toBe("Standard_NV36ads_A10_v5");
  expect(summary.left).toEqual({ azure: [], cluster: [] });
  expect(done.exitCode).toBe(0);
  expect(await alive()).toEqual([]);
});

test("--keep leaves a stack on which typed commands work, and --down ends it", async () => {
  const kept = await rehearse("--stack", "local", "--keep");
  expect(kept.exitCode, kept.stdout).toBe(0);
  expect(kept.stdout).toMatch(/--down/);
  const preview = await execa(
    "sh",
    ["-c", `. '${dir}/env.sh' && pulumi preview -s local --expect-no-changes && kubectl get pods -n mcp`],
    {
      reject: false,
      all: true,
    },
  );
  expect(preview.exitCode, preview.all).toBe(0);
  expect(preview.stdout).toMatch(/^echo-\S+ +2\/2 +Running/m);
  // The checkout's own settings are not touched: Pulumi's salt goes into the copy.
  expect(await readFile(join(repository, "Pulumi.local.yaml"), "utf8")).not.toMatch(/encryptionsalt/);
  expect((await rehearse("--down")).exitCode).toBe(0);
  expect(await alive()).toEqual([]);
});

test("Ctrl-C in the middle of an up lets the engine finish, and ends everything with exit code 130", async () => {
  const child = await startAndReach(/▶ up:[\s\S]*creat/);
  process.kill(-(child.pid ?? 0), "SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(130);
  expect(await alive()).toEqual([]);
  const log = await readFile(join(dir, "logs", "02-pulumi-up.log"), "utf8");
  // The engine answers a second interrupt with a warning that resources may be lost.
  expect(log).toMatch(/\^C received; cancelling/);
  expect(log).not.toMatch(/received; terminating/);
});

test("Ctrl-C while the surroundings start ends them", async () => {
  const child = await startAndReach(/▶ surroundings/);
  process.kill(-(child.pid ?? 0), "SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(130);
  expect(await alive()).toEqual([]);
});

test("a second rehearsal in the same folder is refused, and the first goes on", async () => {
  const first = await startAndReach(/▶ preview/);
  const second = await rehearse();
  expect(second.exitCode).toBe(1);
  expect(second.stderr).toMatch(/a rehearsal is up in .*\n.*--down/);
  expect(first.exitCode).toBeNull();
  const before = await alive();
  expect(before.length).toBeGreaterThan(5);
  first.kill("SIGINT");
  await once(first, "exit");
});

test("what a killed supervisor leaves running is ended", async () => {
  const child = await startAndReach(/▶ preview/);
  const { pid } = JSON.parse(await readFile(join(dir, "supervisor.json"), "utf8"));
  process.kill(pid, "SIGKILL");
  const [code] = await once(child, "exit");
  expect(code).toBe(1);
  expect(await alive()).toEqual([]);
});

test("a rehearsal that is killed takes its surroundings with it", async () => {
  const child = await startAndReach(/▶ preview/);
  expect((await alive()).length).toBeGreaterThan(5);
  child.kill("SIGKILL");
  await once(child, "exit");
  await untilNoneAlive();
});

test("a port in use is named, and nothing is left running", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const done = await rehearse("--port-base", String(port));
  taken.close();
  expect(done.exitCode).toBe(1);
  expect(done.stderr).toMatch(new RegExp(`port ${port}, meant for .*, is in use`));
  expect(done.stderr).not.toMatch(/^\s+at /m);
  expect(await alive()).toEqual([]);
});

test("an unknown scenario is refused with the list of those that exist", async () => {
  const done = await rehearse("--scenario", "meteor");
  expect(done.exitCode).toBe(2);
  expect(done.stderr).toMatch(/gpu-quota-refused/);
});

test("a folder with other people's files is refused, also for machines", async () => {
  await mkdir(dir);
  await writeFile(join(dir, "thesis.txt"), "years of work");
  const done = await rehearse("--json");
  expect(done.exitCode).toBe(1);
  expect(JSON.parse(done.stdout)).toEqual({
    ok: false,
    error: expect.stringMatching(/no rehearsal made/),
    hint: expect.stringMatching(/--dir/),
  });
  expect(await readFile(join(dir, "thesis.txt"), "utf8")).toBe("years of work");
});

test("--down with nothing up says so", async () => {
  const done = await rehearse("--down");
  expect(done.exitCode).toBe(0);
  expect(done.stdout).toMatch(/nothing is up/);
});

test("a scenario's fault shows in the summary, what was made is destroyed, and the exit code says it failed", async () => {
  const done = await rehearse("--scenario", "gpu-quota-refused", "--json");
  expect(done.exitCode).toBe(1);
  const summary = JSON.parse(done.stdout);
  const ok = Object.fromEntries(
    summary.phases.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok]),
  );
  expect(ok).toEqual({ preview: true, up: false, destroy: true, "nothing left": true });
  expect(done.stderr).toMatch(/quota/i);
});
