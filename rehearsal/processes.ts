import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { RehearsalError } from "./errors.ts";
import { type Identity, identityOf, isAlive, signal } from "./identity.ts";

/** A program to run beside the others. */
export interface ProcessSpec {
  /** Names the log file and the messages. */
  name: string;
  program: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
}

/** The file, beside the logs' folder, in which every process is noted that was started. */
const register = "processes.jsonl";

/** The processes of one rehearsal: each writes to a log of its own, and all end together. */
export class Processes {
  readonly #running = new Map<string, ChildProcess>();
  // Those that were asked to end: that they do is no failure.
  readonly #asked = new WeakSet<ChildProcess>();
  readonly #dir: string;
  readonly #onFailure: (error: Error) => void;
  readonly #patienceMs: number;
  #stopping = false;

  /**
   * @param dir gets the folder `logs` and a list of the processes.
   * @param onFailure is called when a process ends that nobody asked to end.
   * @param patienceMs how long a process may take to end before it is killed.
   */
  constructor(dir: string, onFailure: (error: Error) => void, patienceMs = 2_000) {
    this.#dir = dir;
    this.#onFailure = onFailure;
    this.#patienceMs = patienceMs;
  }

  /**
   * Starts a process; `optional` ones may end without ending the rehearsal.
   *
   * @throws {RehearsalError} when all processes are being ended.
   */
  async start(spec: ProcessSpec, optional = false): Promise<ChildProcess> {
    await mkdir(join(this.#dir, "logs"), { recursive: true });
    const log = await open(this.logOf(spec.name), "a");
    try {
      if (this.#stopping) {
        throw new RehearsalError(`${spec.name} is not started: the rehearsal is ending`);
      }
      const child = spawn(spec.program, spec.args, {
        env: spec.env ?? process.env,
        stdio: ["ignore", log.fd, log.fd],
      });
      this.#running.set(spec.name, child);
      child.on("error", (error) => this.#ended(spec.name, child, error.message, optional));
      child.on("exit", (code, by) => this.#ended(spec.name, child, `${by ?? `exit code ${code}`}`, optional));
      const identity = identityOf(child.pid ?? 0);
      if (identity) {
        appendFileSync(join(this.#dir, register), `${JSON.stringify(identity)}\n`);
      }
      return child;
    } finally {
      await log.close();
    }
  }

  /**
   * Ends one process and waits until it is gone. It stays one of ours meanwhile: when all are ended it is, too.
   *
   * @param patienceMs how long it may take before it is killed. @default what all others get
   */
  async stop(name: string, patienceMs = this.#patienceMs): Promise<void> {
    const child = this.#running.get(name);
    if (!child || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      this.#running.delete(name);
      return;
    }
    this.#asked.add(child);
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    await gone;
    clearTimeout(timer);
    if (this.#running.get(name) === child) {
      this.#running.delete(name);
    }
  }

  /** Ends all of them, and starts no more. At once: nobody needs what they would still tell each other. */
  async stopAll(): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#running.keys()].map((name) => this.stop(name)));
  }

  /** The ids of those that run, by their names. */
  ids(): Map<string, number> {
    return new Map([...this.#running].flatMap(([name, { pid }]) => (pid === undefined ? [] : [[name, pid]])));
  }

  /** Where a process writes. */
  logOf(name: string): string {
    return join(this.#dir, "logs", `${name}.log`);
  }

  async #ended(name: string, child: ChildProcess, how: string, optional: boolean): Promise<void> {
    const wasOurs = this.#running.get(name) === child && this.#running.delete(name);
    if (this.#stopping || !wasOurs || optional || this.#asked.has(child)) {
      return;
    }
    const log = await readFile(this.logOf(name), "utf8").catch(() => "");
    const tail = log.trimEnd().split("\n").slice(-5).join("\n");
    this.#onFailure(
      new RehearsalError(`${name} ended (${how})\n${tail}`, `its whole log: ${this.logOf(name)}`),
    );
  }
}

/** Ends the processes of `dir` whose supervisor was killed before it could; returns how many there were. */
export async function endLeftovers(dir: string): Promise<number> {
  const file = join(dir, register);
  if (!existsSync(file)) {
    return 0;
  }
  const lines = (await readFile(file, "utf8")).split("\n").filter(Boolean);
  const left = lines.map((line) => JSON.parse(line) as Identity).filter(isAlive);
  for (const identity of left) {
    signal(identity, "SIGKILL");
  }
  return left.length;
}

/** Waits until `ready` holds, asking four times a second. @throws {RehearsalError} after `seconds`. */
export async function waitUntil(what: string, seconds: number, ready: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await ready().catch(() => false))) {
    if (performance.now() > deadline) {
      throw new RehearsalError(`${what} was not ready after ${seconds} s`, "look at the logs for the reason");
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Hands out ports: free ones, or consecutive ones from a base that the user chose. */
export class Ports {
  #next: number | undefined;

  /** @param base the first port; undefined lets the system choose free ones. */
  constructor(base?: number) {
    this.#next = base;
  }

  /**
   * A port for a server of this process: 0 lets the system choose one when it listens, and nobody is there before it.
   *
   * @throws {RehearsalError} when a port that the user chose is taken.
   */
  async own(what: string): Promise<number> {
    return this.#next === undefined ? 0 : await this.take(what);
  }

  /**
   * A port for a program that is started with its number.
   *
   * @throws {RehearsalError} when a port that the user chose is taken.
   */
  async take(what: string): Promise<number> {
    const wanted = this.#next;
    if (this.#next !== undefined) {
      this.#next += 1;
    }
    const server = createServer();
    server.listen(wanted ?? 0, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch (error) {
      throw new RehearsalError(
        `port ${wanted}, meant for ${what}, is in use (${(error as NodeJS.ErrnoException).code})`,
        "choose another --port-base, or leave it out to use free ports",
        { cause: error },
      );
    }
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, "close");
    return port;
  }
}
