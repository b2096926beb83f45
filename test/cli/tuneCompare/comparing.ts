import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { clock } from "../../../cli/tuneCompare/clock.ts";
import type { Report } from "../../../cli/tuneCompare/report.ts";
import { type Ended, runHere } from "../running.ts";
import { type Asked, answer, type Behaviour, question, type Served, serve } from "./server.ts";

/** A folder and servers for each test of a file. */
export class Comparing {
  dir = "";
  prompts = "";
  #servers: Served[] = [];

  constructor() {
    beforeEach(async () => {
      this.dir = await mkdtemp(join(tmpdir(), "tune-compare-"));
      this.prompts = join(this.dir, "prompts.jsonl");
    });
    afterEach(async () => {
      vi.restoreAllMocks();
      await Promise.all(this.#servers.splice(0).map((server) => server.close()));
      await rm(this.dir, { recursive: true });
    });
  }

  async serve(...args: Parameters<typeof serve>): Promise<Served> {
    const server = await serve(...args);
    this.#servers.push(server);
    return server;
  }

  /** Compares what two servers say; the reports go to the folder. */
  compare(
    base: Served,
    tuned: Served,
    flags: string[] = [],
    env: Record<string, string> = {},
  ): Promise<Ended> {
    const args = ["--base", base.url, "--tuned", tuned.url, "--prompts", this.prompts, "--out", this.dir];
    return runHere(["tune-compare", ...args, ...flags], { NO_PROXY: "127.0.0.1", ...env });
  }

  async report(): Promise<Report> {
    return JSON.parse(await this.read("tune-compare.json"));
  }

  read(name: string): Promise<string> {
    return readFile(join(this.dir, name), "utf8");
  }
}

/** A model that says what it is and repeats the question, word by word. */
export const echo: Behaviour = (asked, response) =>
  answer(asked, response, `${asked.body.model} says ${question(asked)}`.split(/(?<= )/));

/** Records as JSON Lines. */
export function jsonl(...records: object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** The questions that a server got. */
export function chats({ asked }: Served): Asked[] {
  return asked.filter(({ path }) => path === "/v1/chat/completions");
}

/**
 * Lets the clock of the answers go on only when it is looked at: by the first of these milliseconds at the request,
 * by the second at the first token, by the third at the end, and so on.
 */
export function scriptedClock(...steps: number[]): void {
  let time = 0;
  let looks = 0;
  vi.spyOn(clock, "now").mockImplementation(() => {
    time += steps[looks++ % steps.length] ?? 0;
    return time;
  });
}
