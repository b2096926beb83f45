import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

/** A server that runs for the measurement. */
export interface RunningServer {
  url: URL;
  /** Headers that its callers need. */
  headers: Record<string, string>;
  pid: number;
  /** What says whether it is ready; a guard's metrics are beside it. */
  health: URL;
  /** Bytes of memory that it has resident. */
  memory(): number;
  stop(): Promise<void>;
}

const checkout = join(import.meta.dirname, "..", "..");

/** Starts an MCP server of this project by itself. */
export async function startServer(name: string, env: Record<string, string> = {}): Promise<RunningServer> {
  const port = await freePort();
  const variables = { PORT: String(port), HOST: "127.0.0.1", LOG_LEVEL: "warn", ...env };
  const child = run(name, variables);
  return await running(
    child,
    new URL(`http://127.0.0.1:${port}/mcp`),
    {},
    `http://127.0.0.1:${port}/healthz`,
  );
}

/**
 * Starts the guard before a server, with a token, roles, limits that no run reaches, metrics and an audit line a
 * call, which goes to a file as a container's does.
 *
 * @param settings of the guard's file, instead of these
 */
export async function startGuard(
  name: string,
  upstream: URL,
  folder: string,
  { listen = {}, ...settings }: { listen?: object; [section: string]: unknown } = {},
): Promise<RunningServer> {
  const [port, management] = [await freePort(), await freePort()];
  const tokens = join(folder, `${name}-tokens`);
  await mkdir(tokens);
  await writeFile(join(tokens, "bench"), TOKEN);
  const config = join(folder, `${name}.json`);
  await writeFile(
    config,
    JSON.stringify({
      server: name,
      listen: { host: "127.0.0.1", port, ...listen },
      management: { host: "127.0.0.1", port: management },
      upstream: { url: upstream.href },
      authentication: { tokens: { directory: tokens, roles: { bench: ["caller"] } } },
      authorization: { default: "deny", rules: [{ effect: "allow", tools: ["*"], roles: ["caller"] }] },
      limits: { caller: { calls: 1_000_000, seconds: 1 }, concurrency: 1000 },
      logLevel: "warn",
      ...settings,
    }),
  );
  const child = run("guard", { GUARD_CONFIG: config }, join(folder, `${name}.log`));
  return await running(
    child,
    new URL(`http://127.0.0.1:${port}/mcp`),
    { authorization: `Bearer ${TOKEN}` },
    `http://127.0.0.1:${management}/readyz`,
  );
}

const TOKEN = "a-token-for-the-measurement-only";

function run(name: string, env: Record<string, string>, log?: string): ChildProcess {
  const script = join(checkout, "servers", name, "main.ts");
  const command = `exec "$0" "$1" >${log === undefined ? "/dev/null" : '"$2"'}`;
  return spawn("/bin/sh", ["-c", command, process.execPath, script, log ?? ""], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { PATH: process.env["PATH"], NODE_OPTIONS: nodeOptionsOf(name), ...env },
  });
}

/** How much memory Node may take in the server's image. */
function nodeOptionsOf(name: string): string {
  const dockerfile = readFileSync(join(checkout, "servers", name, "Dockerfile"), "utf8");
  return /^ENV NODE_OPTIONS="(.*)"$/m.exec(dockerfile)?.[1] ?? "";
}

async function running(
  child: ChildProcess,
  url: URL,
  headers: Record<string, string>,
  health: string,
): Promise<RunningServer> {
  while (
    !(await fetch(health)
      .then(({ ok }) => ok)
      .catch(() => false))
  ) {
    if (child.exitCode !== null) throw new Error(`${url}: the server ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    headers,
    pid: child.pid as number,
    health: new URL(health),
    memory: () => residentBytes(child.pid),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

function residentBytes(pid: number | undefined): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kibibytes) * 1024;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
