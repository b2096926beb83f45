import { cpus, loadavg, platform, release, totalmem } from "node:os";
import type { Bite } from "./errors.ts";
import type { Outcome } from "./kinds.ts";
import type { Knee } from "./knee.ts";
import type { Step } from "./step.ts";

/** What a load test found, as it is written and printed with --json. docs/load.md explains each field. */
export interface Report {
  /** Grows when a field changes its meaning or goes away. */
  schema: 1;
  /** When it began, in UTC. */
  startedAt: string;
  /** When it was interrupted: then the figures are of what was done until then. */
  interrupted: boolean;
  target: {
    /** Without what may be secret in it. */
    url: string;
    tool: string;
    expected?: string;
  };
  sessions: {
    wanted: number;
    opened: number;
    /** Opened anew, because the server didn't know them any more. */
    reopened: number;
    /** Why not all could be opened, or not again. */
    refused: Outcome[];
  };
  /** What is judged by. */
  limits: { p99Ms: number | null; errorShare: number; timeoutSeconds: number; maxWaiting: number };
  machine: Machine;
  /** Without --find-knee there is one. */
  steps: Step[];
  /** Limits that began to bite, in this order, and at which rate. */
  bites: Bite[];
  /** With --find-knee. */
  knee?: Knee;
  /** What isn't as it should be, in words; with none the exit code is 0. */
  problems: string[];
  /** What to know when reading the figures. */
  warnings: string[];
}

/** The machine that the load came from. */
export interface Machine {
  cpus: number;
  model: string;
  memoryGiB: number;
  system: string;
  node: string;
  /** Processes that ran or waited for a processor, on average over a minute, when it began. */
  loadAverage: number;
}

export function thisMachine(): Machine {
  const all = cpus();
  return {
    cpus: all.length,
    model: all[0]?.model.trim() ?? "unknown",
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
