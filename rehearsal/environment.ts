import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RehearsalError } from "./errors.ts";
import { endSupervisor, noteSupervisor, occupy, supervisorOf } from "./folder.ts";
import { type Identity, identityOf } from "./identity.ts";
import type { Environment, StarterMessage, SupervisorMessage } from "./messages.ts";
import { endLeftovers } from "./processes.ts";
import { pulumiEnvironment } from "./pulumiEnvironment.ts";
import type { Toolchain } from "./toolchain/toolchain.ts";
import { compileCache, layOutProject } from "./workspace.ts";

/** What an environment is started with. */
export interface StartOptions {
  /** The environment's folder: state, logs, keys. */
  dir: string;
  toolchain: Toolchain;
  /** The stack whose settings are rehearsed, Pulumi.<stack>.yaml. @default "dev" */
  stack?: string;
  /** A named fault. */
  scenario?: string;
  seed?: number;
  /** The first of consecutive ports; free ones by default. */
  portBase?: number;
  /**
   * How long it takes until nodes are labelled with what gpu-feature-discovery has found, ms. In a cluster it is up
   * to a minute, here 2 s: a program that doesn't wait for the labels may get away with it.
   */
  gpuLabelsAfterMs?: number;
  onStep?: (text: string) => void;
  /** Ends the start, and what it has started. */
  signal?: AbortSignal;
}

/** A running environment, as the process sees it that started it. */
export interface Running {
  dir: string;
  environment: Environment;
  /** The folder in which `pulumi up -s STACK` works. */
  project: string;
  /** The variables of `environment`, with PATH and Pulumi's own. */
  env: NodeJS.ProcessEnv;
  /** Rejects when a part of the environment fails. */
  failed: Promise<never>;
  /** Has the supervisor end a process (group) if this one is killed before it can; undefined: no more. */
  entrust(pid: number | undefined): void;
  /** Lets the environment live on after this process. */
  detach(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts Azure, the control plane and the registry in `dir`. What an earlier rehearsal left there is
 * kept as `<dir>.previous`, its logs and state included.
 *
 * @throws {RehearsalError} when a rehearsal is up in `dir`, or a part can't start; nothing that this
 * call has started is left running then.
 */
export async function startEnvironment(options: StartOptions): Promise<Running> {
  const { dir, toolchain, signal } = options;
  signal?.throwIfAborted();
  const { child, identity, failed } = await occupy(dir, () => launch(options));
  const abort = () => child.kill("SIGTERM");
  signal?.addEventListener("abort", abort);
  try {
    signal?.throwIfAborted();
    await Promise.race([ready(child, options.onStep), failed]);
    return await attach(dir, toolchain, await layOutProject(dir), { child, identity, failed });
  } catch (error) {
    await endSupervisor(dir, identity);
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** Finds a running environment; undefined when none runs in `dir`. */
export async function findEnvironment(dir: string, toolchain: Toolchain): Promise<Running | undefined> {
  const identity = await supervisorOf(dir);
  if (!identity || !existsSync(join(dir, "environment.json"))) {
    return undefined;
  }
  return attach(dir, toolchain, join(dir, "project"), { identity });
}

/** Ends what runs in `dir`, and returns whether anything did. State and logs stay. */
export async function stopEnvironment(dir: string): Promise<boolean> {
  const identity = await supervisorOf(dir);
  if (identity) {
    await endSupervisor(dir, identity);
    return true;
  }
  // A supervisor that was killed took nothing with it.
  return (await endLeftovers(dir)) > 0;
}

interface Launched {
  child: ChildProcess;
  identity: Identity;
  failed: Promise<never>;
}

async function launch(options: StartOptions): Promise<Launched> {
  const { dir, toolchain } = options;
  const log = await open(join(dir, "logs", "supervisor.log"), "a");
  const args = [`--dir=${dir}`, `--bin=${toolchain.bin}`, `--share=${toolchain.share}`];
  for (const [name, value] of Object.entries({
    stack: options.stack,
    scenario: options.scenario,
    seed: options.seed,
    "port-base": options.portBase,
    "gpu-labels-after-ms": options.gpuLabelsAfterMs,
  })) {
    if (value !== undefined) {
      args.push(`--${name}=${value}`);
    }
  }
  const child = fork(fileURLToPath(new URL("supervisor.ts", import.meta.url)), args, {
    // A session of its own: Ctrl-C reaches the starter, which ends Pulumi before its surroundings.
    detached: true,
    stdio: ["ignore", log.fd, log.fd, "ipc"],
    // Marks everything that the rehearsal starts, for whoever wants to see what is left of it.
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, MCPAAS_REHEARSAL: dir },
  });
  const failed = failureOf(child, dir);
  await log.close();
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (!identity) {
    throw new RehearsalError("the supervisor did not start", `its log: ${dir}/logs/supervisor.log`);
  }
  await noteSupervisor(dir, identity);
  return { child, identity, failed };
}

function ready(child: ChildProcess, onStep?: (text: string) => void): Promise<void> {
  return new Promise((resolve) => {
    child.on("message", (message: SupervisorMessage) => {
      if (message.kind === "ready") {
        resolve();
      } else if (message.kind === "step") {
        onStep?.(message.text);
      }
    });
  });
}

function failureOf(child: ChildProcess, dir: string): Promise<never> {
  const failed = new Promise<never>((_resolve, reject) => {
    child.on("message", (message: SupervisorMessage) => {
      if (message.kind === "failed") {
        reject(new RehearsalError(message.message, message.hint));
      }
    });
    child.on("exit", async (code, signal) => {
      // What it said last may still be on its way, and is the better reason.
      if (child.connected) {
        await once(child, "disconnect");
      }
      const log = join(dir, "logs", "supervisor.log");
      const said = (await readFile(log, "utf8").catch(() => "")).trimEnd().split("\n").slice(-5);
      const how = signal ?? `exit code ${code}`;
      reject(
        new RehearsalError(
          [`the surroundings ended (${how})`, ...said].join("\n").trimEnd(),
          `their whole log: ${log}`,
        ),
      );
    });
  });
  // Nobody may be waiting at the moment; who does is told.
  failed.catch(() => undefined);
  return failed;
}

async function attach(
  dir: string,
  toolchain: Toolchain,
  project: string,
  by: { identity: Identity; child?: ChildProcess; failed?: Promise<never> },
): Promise<Running> {
  const environment = JSON.parse(await readFile(join(dir, "environment.json"), "utf8")) as Environment;
  const { child, identity } = by;
  return {
    dir,
    environment,
    project,
    env: await pulumiEnvironment(dir, toolchain, environment),
    failed: by.failed ?? new Promise(() => undefined),
    entrust(pid) {
      if (child?.connected) {
        // A supervisor that has just ended is told of by its exit, which `failed` waits for.
        child.send({ kind: "entrust", pid } satisfies StarterMessage, () => undefined);
      }
    },
    async detach() {
      await new Promise<void>((resolve) => {
        child ? child.send({ kind: "keep" } satisfies StarterMessage, () => resolve()) : resolve();
      });
      child?.disconnect();
      child?.unref();
    },
    stop: () => endSupervisor(dir, identity),
  };
}
