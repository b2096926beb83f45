import { readdir, readFile } from "node:fs/promises";

/** The variable by which a run's processes are known, whatever group or session they have moved to. */
export const runVariable = "INNOVATION_ENGINE_RUN";

/**
 * Sends a signal to all processes of a run: to the group that `leader` leads, and to those that have left it but
 * still carry the run's variable. Only a process that has changed its environment too escapes.
 */
export async function signalRun(leader: number, run: string, signal: NodeJS.Signals): Promise<void> {
  send(-leader, signal);
  // Those that are to end at once may have begun others while they were looked for.
  for (let rounds = signal === "SIGKILL" ? 5 : 1; rounds > 0; rounds--) {
    const pids = await carriersOf(`${runVariable}=${run}`);
    if (pids.length === 0) return;
    for (const pid of pids) send(pid, signal);
  }
}

async function carriersOf(entry: string): Promise<number[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Of other users, or gone meanwhile.
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      return environment.split("\0").includes(entry);
    }),
  );
  return pids.filter((pid, index) => found[index] && pid !== process.pid);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone meanwhile, or one that has got other rights and so can't be reached.
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
