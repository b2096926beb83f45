import { setTimeout as sleep } from "node:timers/promises";
import { type Reading, readingOf } from "./family.ts";

/** What a program used over a time. */
export interface Use {
  /** The most memory at any moment that was looked at, in MiB. */
  memoryMiB: number;
  /** Cores, on average. */
  cpu: number;
}

const everyMs = 200;

/** Watches processes while something goes on. */
export async function observe(pids: () => readonly number[], during: () => Promise<unknown>): Promise<Use> {
  const readings: Reading[] = [];
  const look = () => readings.push(readingOf(pids()));
  const started = performance.now();
  look();
  const timer = setInterval(look, everyMs);
  try {
    await during();
  } finally {
    clearInterval(timer);
  }
  look();
  const seconds = (performance.now() - started) / 1000;
  const [first, last] = [readings[0]?.cpuSeconds ?? 0, readings.at(-1)?.cpuSeconds ?? 0];
  const most = Math.max(...readings.map(({ memory }) => memory));
  return { memoryMiB: Math.ceil(most / 2 ** 20), cpu: Math.ceil(((last - first) / seconds) * 1000) / 1000 };
}

/** A time without load, after the start has settled. */
export async function atRest(pids: () => readonly number[]): Promise<Use> {
  await sleep(settleMs);
  return await observe(pids, () => sleep(restMs));
}

const settleMs = 2000;
const restMs = 5000;
