import { readdirSync, readFileSync } from "node:fs";

/** What a program and the processes that it started use at a moment. */
export interface Reading {
  /** Bytes; what processes share, such as PostgreSQL's buffers, counts once. */
  memory: number;
  /** Seconds of processor time since they began. */
  cpuSeconds: number;
}

/** Clock ticks a second of /proc. Source: proc_pid_stat(5); Linux has 100 on every platform that Node runs on. */
const ticks = 100;

/** The processes below some, in /proc's order, without those themselves. */
export function descendantsOf(roots: readonly number[]): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? statOf(Number(name))?.parent : undefined;
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const below = new Set<number>(roots);
  for (let before = -1; before !== below.size; ) {
    before = below.size;
    for (const [pid, parent] of parents) if (below.has(parent)) below.add(pid);
  }
  for (const root of roots) below.delete(root);
  return [...below];
}

/** The processes whose program has this path's end, such as `/bin/kmcp`, with these arguments first. */
export function processesOf(program: string, firstArgument?: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const [path = "", first] = read(`/proc/${pid}/cmdline`)?.split("\0") ?? [];
      return path.endsWith(program) && (firstArgument === undefined || first === firstArgument);
    });
}

/** What processes use now; those that have ended are left out. */
export function readingOf(pids: readonly number[]): Reading {
  let [own, shared, cpuSeconds] = [0, 0, 0];
  for (const pid of pids) {
    const rollup = read(`/proc/${pid}/smaps_rollup`);
    const stat = statOf(pid);
    if (rollup === undefined || stat === undefined) continue;
    const kibibytes = (key: string) =>
      Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(rollup)?.[1] ?? 0);
    const private_ = kibibytes("Private_Clean") + kibibytes("Private_Dirty");
    own += private_;
    shared = Math.max(shared, kibibytes("Rss") - private_);
    cpuSeconds += stat.cpuSeconds;
  }
  return { memory: (own + shared) * 1024, cpuSeconds };
}

/** The most memory that a process ever had, in bytes, which the kernel keeps, and the seconds that it runs. */
export function lifeOf(pid: number): { peak: number; seconds: number; cpuSeconds: number } | undefined {
  const status = read(`/proc/${pid}/status`);
  const stat = statOf(pid);
  const uptime = Number(read("/proc/uptime")?.split(" ")[0]);
  if (status === undefined || stat === undefined) return undefined;
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  return { peak, seconds: uptime - stat.startedSeconds, cpuSeconds: stat.cpuSeconds };
}

/** Source of the fields: proc_pid_stat(5). The name, in parentheses, may have blanks and parentheses itself. */
function statOf(pid: number): { parent: number; cpuSeconds: number; startedSeconds: number } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // The first of them is the third field of the page.
  const field = (number: number) => Number(fields[number - 3]);
  // With the time of children that have ended, such as a backend of PostgreSQL.
  const used = field(14) + field(15) + field(16) + field(17);
  return { parent: field(4), cpuSeconds: used / ticks, startedSeconds: field(22) / ticks };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
