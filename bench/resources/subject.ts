import type { Machine } from "../../cli/load/report.ts";
import type { Use } from "./observe.ts";

/** A program that was measured. */
export interface Measurement {
  /** Its version, or its image. */
  version: string;
  /** What was done to it; its requests are sized for that. */
  load: string;
  atRest: Use;
  underLoad: Use;
}

/** What is written to bench/measurements/resources.json. */
export interface Measurements {
  programs: Record<string, Measurement & { date: string; machine: Machine }>;
}

/** Measures some programs; those that aren't on this machine are left out. */
export type Subject = (folder: string) => Promise<Record<string, Measurement>>;

/** How long load is put on a program. */
export const loadSeconds = 15;
