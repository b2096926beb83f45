import { readdir, readFile } from "node:fs/promises";

/** What one process has used so far, and uses now. */
export interface ProcessRow {
  pid: number;
  parent: number;
  /** Seconds of processor time since it began. */
  cpuSeconds: number;
  residentBytes: number;
}

/** Linux's unit of a process's times, which is the same on every architecture, and the size of a page on most. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** All processes of this machine; none where there is no /proc. */
export async function readProcesses(): Promise<ProcessRow[]> {
  const names = await readdir("/proc").catch(() => []);
  const rows = names
    .filter((name) => /^\d+$/.test(name))
    // A process that has ended meanwhile is left out.
    .map(async (pid) => parseStat(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return (await Promise.all(rows)).filter((row) => row !== undefined);
}

/** Reads a line of /proc/<pid>/stat. Source: proc_pid_stat(5). */
export function parseStat(line: string): ProcessRow | undefined {
  // The name in parentheses may hold anything; the state is the third field, behind it.
  const rest = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(rest[number - 3]);
  const pid = Number.parseInt(line, 10);
  return Number.isNaN(pid)
    ? undefined
    : {
        pid,
        parent: field(4),
        cpuSeconds: (field(14) + field(15)) / ticksPerSecond,
        residentBytes: field(24) * pageBytes,
      };
}

/** A process together with all that it has started. */
export function withDescendants(rows: readonly ProcessRow[], root: number): ProcessRow[] {
  const children = Map.groupBy(rows, ({ parent }) => parent);
  const below = (pid: number): ProcessRow[] =>
    (children.get(pid) ?? []).flatMap((row) => [row, ...below(row.pid)]);
  return [...rows.filter(({ pid }) => pid === root), ...below(root)];
}
