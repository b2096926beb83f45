import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, openSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RehearsalError } from "./errors.ts";
import type { SupervisorMessage } from "./supervisor.ts";
import type { Toolchain } from "./toolchain/toolchain.ts";
import { layOutProject } from "./workspace.ts";

/** What `environment.json` holds: how to reach a running rehearsal. */
export interface Environment {
  /** Process id of the supervisor. */
  supervisor: number;
  /** Azure Resource Manager's base URL. */
  armEndpoint: string;
  /** A kubeconfig with all rights. */
  kubeconfig: string;
  /** Variables that make Pulumi, plugins and SDKs work on this environment; they hold secrets. */
  variables: Record<string, string>;
}

/** What an environment is started with. */
export interface StartOptions {
  /** The environment's folder: state, logs, keys. */
  dir: string;
  toolchain: Toolchain;
  /** A named fault. */
  scenario?: string;
  seed?: number;
  /** The first of consecutive ports; free ones by default. */
  portBase?: number;
  onStep?: (text: string) => void;
}

/** A running environment, as the process sees it that started it. */
export interface Running {
  dir: string;
  environment: Environment;
  /** The folder in which `pulumi up -s dev` works. */
  project: string;
  /** The variables of `environment`, with PATH and Pulumi's own. */
  env: NodeJS.ProcessEnv;
  /** Rejects when a part of the environment fails. */
  failed: Promise<never>;
  /** Lets the environment live on after this process. */
  detach(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts Azure, the control plane and the registry in `dir`. What an earlier run left there is ended
 * and kept as `<dir>.previous`, its logs and state included.
 *
 * @throws {RehearsalError} when a part can't start; nothing is left running then.
 */
export async function startEnvironment(options: StartOptions): Promise<Running> {
  const { dir, toolchain } = options;
  await stopEnvironment(dir);
  await rm(`${dir}.previous`, { recursive: true, force: true });
  if (existsSync(dir)) {
    await rename(dir, `${dir}.previous`);
  }
  await mkdir(join(dir, "logs"), { recursive: true });
  const log = openSync(join(dir, "logs", "supervisor.log"), "a");
  const args = [`--dir=${dir}`, `--bin=${toolchain.bin}`, `--share=${toolchain.share}`];
  for (const [name, value] of Object.entries({
    scenario: options.scenario,
    seed: options.seed,
    "port-base": options.portBase,
  })) {
    if (value !== undefined) {
      args.push(`--${name}=${value}`);
    }
  }
  const child = fork(fileURLToPath(new URL("supervisor.ts", import.meta.url)), args, {
    // A session of its own: Ctrl-C reaches the starter first, which ends Pulumi before its surroundings.
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
  });
  await writeFile(join(dir, "supervisor.pid"), String(child.pid));
  await new Promise<void>((resolve, reject) => {
    child.on("message", (message: SupervisorMessage) => {
      if (message.kind === "ready") {
        resolve();
      } else if (message.kind === "step") {
        options.onStep?.(message.text);
      } else {
        reject(new RehearsalError(message.message, message.hint));
      }
    });
    child.on("exit", () =>
      reject(new RehearsalError("the supervisor ended", `its log: ${dir}/logs/supervisor.log`)),
    );
  });
  return attach(dir, toolchain, await layOutProject(dir), child);
}

/** Finds a running environment. @throws {RehearsalError} when none runs in `dir`. */
export async function findEnvironment(dir: string, toolchain: Toolchain): Promise<Running> {
  const pid = await supervisorOf(dir);
  if (pid === undefined || !existsSync(join(dir, "environment.json"))) {
    throw new RehearsalError(`no rehearsal is up in ${dir}`, "npm run rehearse -- --keep starts one");
  }
  return attach(dir, toolchain, join(dir, "project"));
}

/** Ends what runs in `dir`, and returns whether anything did. State and logs stay. */
export async function stopEnvironment(dir: string): Promise<boolean> {
  const pid = await supervisorOf(dir);
  if (pid === undefined) {
    return false;
  }
  process.kill(pid, "SIGTERM");
  const deadline = performance.now() + 60_000;
  while (isSupervisor(pid, dir)) {
    if (performance.now() > deadline) {
      throw new RehearsalError(
        `the supervisor (process ${pid}) does not end`,
        `look at ${dir}/logs/supervisor.log`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

async function attach(
  dir: string,
  toolchain: Toolchain,
  project: string,
  child?: ChildProcess,
): Promise<Running> {
  const environment = JSON.parse(await readFile(join(dir, "environment.json"), "utf8")) as Environment;
  return {
    dir,
    environment,
    project,
    env: await pulumiEnvironment(dir, toolchain, environment),
    failed: new Promise((_resolve, reject) => {
      child?.on("message", (message: SupervisorMessage) => {
        if (message.kind === "failed") {
          reject(new RehearsalError(message.message, message.hint));
        }
      });
    }),
    async detach() {
      await new Promise<void>((resolve) => {
        child ? child.send("keep", () => resolve()) : resolve();
      });
      child?.disconnect();
      child?.unref();
    },
    async stop() {
      await stopEnvironment(dir);
    },
  };
}

async function pulumiEnvironment(
  dir: string,
  toolchain: Toolchain,
  environment: Environment,
): Promise<NodeJS.ProcessEnv> {
  const repository = fileURLToPath(new URL("..", import.meta.url));
  const path = [
    join(repository, "rehearsal", "bin"),
    ...toolchain.path,
    join(repository, "node_modules", ".bin"),
    process.env["PATH"] ?? "",
  ];
  const state = join(dir, "state");
  await mkdir(state, { recursive: true });
  return {
    ...process.env,
    ...environment.variables,
    PATH: path.join(":"),
    // A home of its own: neither the user's login nor their selected stack is touched.
    PULUMI_HOME: join(dir, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: await passphrase(dir),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "",
    // No program may find the cluster by another way than Azure's credential call.
    KUBECONFIG: join(dir, "no.kubeconfig"),
  };
}

async function passphrase(dir: string): Promise<string> {
  const file = join(dir, "passphrase");
  if (!existsSync(file)) {
    await writeFile(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  return await readFile(file, "utf8");
}

async function supervisorOf(dir: string): Promise<number | undefined> {
  const pid = Number(await readFile(join(dir, "supervisor.pid"), "utf8").catch(() => ""));
  return pid && isSupervisor(pid, dir) ? pid : undefined;
}

/** A process id is used again one day: only a process that was started for this folder is ours. */
function isSupervisor(pid: number, dir: string): boolean {
  const { stdout } = spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.includes("supervisor.ts") && stdout.includes(`--dir=${dir}`);
}
