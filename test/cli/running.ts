import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import { main } from "../../cli/main.ts";

/** How a command ended and what it printed. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command in this process, with nothing in its environment but what is given. */
export async function runHere(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const written = { stdout: "", stderr: "" };
  const catching = (stream: keyof typeof written) =>
    ((text: unknown, ...rest: unknown[]) => {
      written[stream] += text;
      const done = rest.at(-1);
      if (typeof done === "function") done();
      return true;
    }) as typeof process.stdout.write;
  const line = (stream: keyof typeof written) => (text: unknown) => {
    written[stream] += `${text}\n`;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(catching("stdout")),
    vi.spyOn(process.stderr, "write").mockImplementation(catching("stderr")),
    vi.spyOn(console, "log").mockImplementation(line("stdout")),
    vi.spyOn(console, "error").mockImplementation(line("stderr")),
  ];
  const before = process.env;
  process.env = env;
  try {
    return { code: await main(args), ...written };
  } finally {
    process.env = before;
    for (const spy of spies) spy.mockRestore();
  }
}

/** A command that runs as a process of its own. */
export interface Running {
  child: ReturnType<typeof spawn>;
  ended: Promise<Ended & { signal: NodeJS.Signals | null }>;
}

const program = join(import.meta.dirname, "../../cli/mcpaas.ts");

/** Starts a command as a person does, for what only a process of its own shows. */
export function start(args: string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: dirname(process.execPath), ...env },
  });
  const written = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    written.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    written.stderr += text;
  });
  const ended = new Promise<Ended & { signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...written }));
  });
  return { child, ended };
}
