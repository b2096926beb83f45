import { type ProcessRow, readProcesses, withDescendants } from "./processTable.ts";

/** What a container's program uses. */
export interface Usage {
  /** Cores, on average over the window. */
  cores: number;
  bytes: number;
  /** The end of the window, and its length. */
  at: Date;
  windowMs: number;
}

/** What was used until a moment, by process. */
interface Sample {
  at: number;
  cpuSeconds: ReadonlyMap<number, number>;
  bytes: number;
}

/**
 * How often programs are looked at. metrics-server on AKS does so every 15 s; whoever waits for an autoscaler here
 * need not wait as long.
 */
const periodMs = 5_000;

/** For how long programs are looked at after somebody has asked. */
const interestMs = 60_000;

/** Watches what programs use, as a kubelet does for metrics-server, while anybody asks: the first answers are empty. */
export class UsageWatch {
  readonly #programs: () => ReadonlyMap<string, number>;
  readonly #read: () => Promise<readonly ProcessRow[]>;
  readonly #now: () => number;
  #samples = new Map<string, Sample>();
  #usage = new Map<string, Usage>();
  #timer: NodeJS.Timeout | undefined;
  #askedAt = 0;
  #closed = false;

  /** @param programs the process of each program, by the program's name. */
  constructor(
    programs: () => ReadonlyMap<string, number>,
    read: () => Promise<readonly ProcessRow[]> = readProcesses,
    now: () => number = Date.now,
  ) {
    this.#programs = programs;
    this.#read = read;
    this.#now = now;
  }

  /** What a program uses; undefined as long as it has not been looked at twice. */
  of(name: string): Usage | undefined {
    this.#askedAt = this.#now();
    if (!this.#closed) {
      this.#timer ??= setTimeout(() => this.#turn(), 0);
    }
    return this.#usage.get(name);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #turn(): Promise<void> {
    if (this.#now() - this.#askedAt > interestMs) {
      this.#samples.clear();
      this.#usage.clear();
      this.#timer = undefined;
      return;
    }
    await this.look();
    if (!this.#closed) {
      this.#timer = setTimeout(() => this.#turn(), periodMs);
    }
  }

  /** Looks once. */
  async look(): Promise<void> {
    const rows = await this.#read();
    const at = this.#now();
    const before = this.#samples;
    this.#samples = new Map();
    this.#usage = new Map();
    for (const [name, pid] of this.#programs()) {
      const tree = withDescendants(rows, pid);
      const sample: Sample = {
        at,
        cpuSeconds: new Map(tree.map((row) => [row.pid, row.cpuSeconds])),
        bytes: tree.reduce((sum, row) => sum + row.residentBytes, 0),
      };
      this.#samples.set(name, sample);
      const last = before.get(name);
      // Another process under the same name begins anew.
      if (last?.cpuSeconds.has(pid) && tree.length > 0) {
        this.#usage.set(name, between(last, sample));
      }
    }
  }
}

/** Processes that have ended in between took what they used with them, as it was at the last look. */
function between(last: Sample, now: Sample): Usage {
  const windowMs = now.at - last.at;
  const used = [...now.cpuSeconds].reduce(
    (sum, [pid, seconds]) => sum + Math.max(0, seconds - (last.cpuSeconds.get(pid) ?? 0)),
    0,
  );
  return { cores: used / (windowMs / 1000), bytes: now.bytes, at: new Date(now.at), windowMs };
}
