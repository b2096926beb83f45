import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** What a block of commands did. */
export interface Ran {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

/** How blocks are run. */
export interface ShellOptions {
  /** The folder in which the first block begins. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** A folder for what is passed from block to block. */
  state: string;
  /** Ends the block that runs. */
  signal?: AbortSignal;
  /** Gets what the block prints, line by line. */
  onLine?: (line: string) => void;
  /** Gets the process (group) of each block, and undefined when it has ended. */
  onProcess?: (pid: number | undefined) => void;
}

/** No block waits this long for anything. */
const timeLimitMs = 15 * 60_000;

/**
 * Runs blocks as `ie` does: each in a bash of its own that ends at the first command that fails, with the variables
 * and the folder that the one before it left. Source: internal/shells/bash.go at a602e83.
 */
export class BlockShell {
  readonly #options: ShellOptions;
  readonly #environment: string;
  readonly #folder: string;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#environment = join(options.state, "environment");
    this.#folder = join(options.state, "folder");
  }

  async run(content: string): Promise<Ran> {
    const { env, cwd, signal, onLine, onProcess } = this.#options;
    const script = [
      "set -e",
      content,
      `env -0 > "$DOCS_STATE/environment"`,
      `pwd > "$DOCS_STATE/folder"`,
    ].join("\n");
    const folder = existsSync(this.#folder) ? readFileSync(this.#folder, "utf8").trim() : cwd;
    const child = execa("bash", ["-c", script], {
      cwd: folder,
      env: { ...env, ...this.#kept(), DOCS_STATE: this.#options.state },
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      stripFinalNewline: false,
      detached: true,
      timeout: timeLimitMs,
    });
    onProcess?.(child.pid);
    // Pulumi ends in an orderly way, and saves its state.
    const interrupt = () => child.pid !== undefined && process.kill(-child.pid, "SIGINT");
    signal?.addEventListener("abort", interrupt);
    child.stdout.on("data", (data: Buffer) => onLine?.(data.toString().trim().split("\n").at(-1) ?? ""));
    try {
      const { exitCode, stdout, stderr } = await child;
      return { exitCode, stdout, stderr };
    } finally {
      signal?.removeEventListener("abort", interrupt);
      onProcess?.(undefined);
    }
  }

  /** A variable's value from the blocks that ran. */
  variable(name: string): string | undefined {
    return this.#kept()[name];
  }

  #kept(): Record<string, string> {
    if (!existsSync(this.#environment)) {
      return {};
    }
    const pairs = readFileSync(this.#environment, "utf8").split("\0").filter(Boolean);
    return Object.fromEntries(pairs.map((pair) => [pair.split("=", 1)[0], pair.replace(/^[^=]*=/, "")]));
  }
}
