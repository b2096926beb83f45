import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process started, in a form that only makes sense for comparing; undefined when it is gone.
 * Process ids are used again, and a pair of id and start is not.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      // The name in parentheses may hold anything; the start is the twentieth field behind it.
      return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19];
    } catch {
      return undefined;
    }
  }
  const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  return stdout?.trim() || undefined;
}

/** A process that may have ended, and whose id may belong to another one by now. */
export interface Identity {
  pid: number;
  started: string;
}

/** Names a process for later; undefined when it is gone already. */
export function identityOf(pid: number): Identity | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether it is still that process. */
export function isAlive({ pid, started }: Identity): boolean {
  return startOf(pid) === started;
}

/** Sends a signal if it is still that process. */
export function signal(identity: Identity, name: NodeJS.Signals): void {
  if (isAlive(identity)) {
    try {
      process.kill(identity.pid, name);
    } catch (error) {
      // It ended in between.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
        throw error;
      }
    }
  }
}
