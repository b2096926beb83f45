import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { closing } from "./helpers.ts";

const guardMain = join(import.meta.dirname, "../../../servers/guard/main.ts");

/** The guard's program, and what it wrote. */
export interface GuardProgram {
  child: ChildProcess;
  /** Its lines on standard output so far: the log and the audit. */
  lines: Record<string, unknown>[];
  /** Resolves with its addresses once it listens; rejects with what it says if it ends before. */
  listening(): Promise<{ url: URL; management: URL }>;
  /** Resolves once it has ended, with all that it wrote on standard error. */
  ended(): Promise<{ code: number | null; stderr: string }>;
}

/** Runs the guard's program on free ports with these settings, a whole text or changes; killed after the test. */
export async function runGuard(
  settings: string | Record<string, unknown>,
  { main = guardMain, uid, cwd }: { main?: string; uid?: number; cwd?: string } = {},
): Promise<GuardProgram> {
  const folder = await mkdtemp(join(tmpdir(), "guard-"));
  const file = join(folder, "guard.yaml");
  await chmod(folder, 0o755);
  const address = { host: "127.0.0.1", port: 0 };
  const whole = {
    server: "fixture",
    listen: address,
    management: address,
    authentication: { none: "anyone-may-call" },
    ...(typeof settings === "object" ? settings : {}),
  };
  await writeFile(file, typeof settings === "string" ? settings : JSON.stringify(whole));
  const child = spawn(process.execPath, [main], {
    env: { GUARD_CONFIG: file },
    stdio: ["ignore", "pipe", "pipe"],
    uid,
    cwd,
  });
  closing({
    async close() {
      child.kill("SIGKILL");
      await rm(folder, { recursive: true });
    },
  });
  const stderr = text(child.stderr);
  const exit = once(child, "close");
  const lines: Record<string, unknown>[] = [];
  const log = createInterface({ input: child.stdout });
  log.on("line", (line) => lines.push(JSON.parse(line)));
  const started = new Promise<void>((resolve) => {
    log.on("line", () => lines.some(({ msg }) => msg === "listening") && resolve());
  });
  return {
    child,
    lines,
    async listening() {
      await Promise.race([started, exit.then(async () => Promise.reject(new Error(await stderr)))]);
      const { url, management } = lines.find(({ msg }) => msg === "listening") ?? {};
      return { url: new URL(String(url)), management: new URL(String(management)) };
    },
    async ended() {
      const [code] = await exit;
      return { code, stderr: await stderr };
    },
  };
}
