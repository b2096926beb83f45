import { execa } from "execa";

/** Watches the resident memory of this process and everything that it started. */
export class MemoryWatch {
  readonly #timer: NodeJS.Timeout;
  #peakKiB = 0;

  constructor(intervalMs = 2_000) {
    this.#timer = setInterval(() => void this.#sample(), intervalMs);
    this.#timer.unref();
  }

  /** The highest sum that was seen, in MiB; pages that processes share count for each of them. */
  stop(): number {
    clearInterval(this.#timer);
    return Math.round(this.#peakKiB / 1024);
  }

  async #sample(): Promise<void> {
    const { stdout } = await execa("ps", ["-eo", "pid=,ppid=,rss="], { reject: false });
    this.#peakKiB = Math.max(this.#peakKiB, treeKiB(stdout ?? "", process.pid));
  }
}

/** Sums the third column of `ps -eo pid=,ppid=,rss=` over a process and its descendants. */
export function treeKiB(table: string, root: number): number {
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const tree = new Set([root]);
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const [pid = 0, parent = 0] of rows) {
      if (tree.has(parent)) {
        tree.add(pid);
      }
    }
  }
  return rows.reduce((sum, [pid = 0, , rss = 0]) => sum + (tree.has(pid) ? rss : 0), 0);
}
