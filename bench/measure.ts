import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a run of a program took. */
export interface Measured {
  seconds: number;
  /** The most memory it had resident at any time, in bytes; undefined where /proc doesn't tell. */
  peakBytes: number | undefined;
}

const intervalMs = 20;

/** Runs Node with arguments and watches its memory. The kernel keeps the highest value, so that none is missed. */
export function measure(args: string[]): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    let peakBytes: number | undefined;
    const watch = setInterval(() => {
      peakBytes = peakOf(child.pid) ?? peakBytes;
    }, intervalMs);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      clearInterval(watch);
      const seconds = (performance.now() - start) / 1000;
      if (code === 0) resolve({ seconds, peakBytes });
      else reject(new Error(`${args.join(" ")} ended with ${code ?? signal}`));
    });
  });
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    // It has ended, or this isn't Linux.
    return undefined;
  }
}
