import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type EngineResult, pulumi, pulumiAnswer } from "../../../rehearsal/engine.ts";
import { type Running, type StartOptions, startEnvironment } from "../../../rehearsal/environment.ts";
import { ensureToolchain, type Toolchain } from "../../../rehearsal/toolchain/toolchain.ts";

/** An environment of a test file's own, with its stack initialised: `dev` unless the options name another. */
export interface Stage {
  running: Running;
  toolchain: Toolchain;
  /**
   * Runs a `pulumi` command on the stack. One that has not ended after five minutes is interrupted, and the error says
   * what it waited for: a test that only runs out of time doesn't.
   */
  pulumi: (...args: string[]) => Promise<EngineResult>;
  /** What a command printed, for messages that the event log doesn't have. */
  output: (result: EngineResult) => Promise<string>;
  /** Changes a setting of the environment's copy of the stack's settings. */
  set: (path: string, value: string) => Promise<void>;
  /** Changes several settings at once. */
  setAll: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** kubectl with all rights; JSON parsed. */
  get: <T>(...args: string[]) => Promise<T>;
  /** kubectl with all rights; what it printed. */
  kubectl: (...args: string[]) => Promise<string>;
  /** Makes an object as `kubectl create` does; what the API server says is in the error. */
  apply: (object: object) => Promise<void>;
  /** Asks until something holds; the test's own time limit ends it. */
  until: (holds: () => Promise<boolean>) => Promise<void>;
  /** Takes a setting out of the environment's copy of the stack's settings. */
  unset: (path: string) => Promise<void>;
  close: () => Promise<void>;
}

/** What a stage is raised with. */
export interface StageOptions extends Partial<StartOptions> {
  /**
   * Whether the engine saves its state after each step, as it does for people, or when a command ends. The first
   * takes half of an update's processor time, and matters to tests of what is broken off.
   * @default false
   */
  checkpoints?: boolean;
}

/** Starts an environment in a folder of its own; the toolchain comes from the cache, or is built. */
export async function raiseStage({ checkpoints = false, ...options }: StageOptions = {}): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), "mcpaas-rehearsal-"));
  const toolchain = await ensureToolchain({ onProgress: (line) => console.log(line) });
  const running = await startEnvironment({ dir: join(dir, "run"), toolchain, ...options });
  const { stack } = running.environment;
  running.env["PULUMI_SKIP_CHECKPOINTS"] = String(!checkpoints);
  try {
    await pulumiAnswer(running, ["stack", "init", stack]);
  } catch (error) {
    await running.stop();
    throw error;
  }
  const kubectl = async (...args: string[]) => {
    const kubeconfig = `--kubeconfig=${running.environment.kubeconfig}`;
    return (await execa(join(toolchain.bin, "kubectl"), [kubeconfig, ...args])).stdout;
  };
  return {
    running,
    toolchain,
    pulumi: (...args) => inTime(running, args, kubectl),
    output: (result) => readFile(result.log, "utf8"),
    async set(path, value) {
      await pulumiAnswer(running, ["config", "set", "-s", stack, "--path", path, value]);
    },
    async setAll(values) {
      const pairs = Object.entries(values).flatMap(([path, value]) => ["--plaintext", `${path}=${value}`]);
      await pulumiAnswer(running, ["config", "set-all", "-s", stack, "--path", ...pairs]);
    },
    get: async (...args) => JSON.parse(await kubectl("get", ...args, "-o", "json")),
    kubectl,
    async apply(object) {
      const kubeconfig = `--kubeconfig=${running.environment.kubeconfig}`;
      const input = JSON.stringify(object);
      await execa(join(toolchain.bin, "kubectl"), [kubeconfig, "create", "-f", "-"], { input });
    },
    async until(holds) {
      while (!(await holds())) {
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },
    async unset(path) {
      await pulumiAnswer(running, ["config", "rm", "-s", stack, "--path", path]);
    },
    async close() {
      await running.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const LIMIT = 300_000;

/** What controllers go by: kubectl's own column READY counts containers, whatever the pod's condition is. */
const PODS = [
  ...["NAMESPACE:.metadata.namespace", "NAME:.metadata.name", "NODE:.spec.nodeName", "PHASE:.status.phase"],
  'READY:.status.conditions[?(@.type=="Ready")].status',
  "STARTED:.status.startTime,ENDING:.metadata.deletionTimestamp",
].join();

async function inTime(running: Running, args: string[], kubectl: Stage["kubectl"]): Promise<EngineResult> {
  const limit = AbortSignal.timeout(LIMIT);
  // What the cluster was like while the command still waited.
  let cluster: Promise<string> | undefined;
  limit.addEventListener("abort", () => {
    cluster = Promise.all([
      kubectl("get", "pods", "-A", "-o", `custom-columns=${PODS}`),
      kubectl("get", "persistentvolumeclaims", "-A"),
      readFile(join(running.dir, "logs", "supervisor.log"), "utf8"),
    ]).then((parts) => parts.join("\n"), String);
  });
  const result = await pulumi(running, args, {
    signal: limit,
    terminate: AbortSignal.timeout(LIMIT + 30_000),
  });
  if (!limit.aborted) {
    return result;
  }
  throw new Error(
    [
      `${result.command} had not ended after ${LIMIT / 60_000} minutes`,
      ...result.unfinished.map((line) => `unfinished: ${line}`),
      ...result.errors,
      await cluster,
    ].join("\n"),
  );
}

/** What policies refused; what they advise stops nobody. */
export function refusals({ violations }: EngineResult): EngineResult["violations"] {
  return violations.filter(({ level }) => level === "mandatory");
}

/** Settings of a dev stack without the servers that have settings of their own, for tests that are about others. */
export const WITHOUT_MCP: Readonly<Record<string, string>> = {
  "mcpaas:openWebSearch.enabled": "false",
  "mcpaas:innovationEngine.enabled": "false",
};

/** Settings of a dev stack that nobody watches, which is a quarter smaller. */
export const WITHOUT_MONITORING: Readonly<Record<string, string>> = {
  "mcpaas:monitoring.enabled": "false",
  "mcpaas:alerts.enabled": "false",
};

/** Every file below a folder. */
export async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
