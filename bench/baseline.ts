import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import type { Report } from "../cli/load/report.ts";
import { duration } from "../cli/values.ts";
import { figures } from "./baseline/table.ts";
import { type RunningServer, startGuard, startServer } from "./mcp/servers.ts";
import { writeSection } from "./section.ts";

// The figures of docs/load.md: the command itself, against this machine's own echo server, alone and behind guards.
// Generator, guard and server share the machine's processors, so measure when nothing else runs.
const options = new Command("bench/baseline.ts")
  .description("Measure the baseline of docs/load.md anew: pictures, JSON and table.")
  .option("--duration <time>", "how long each rate is kept", duration, 10)
  .parse()
  .opts<{ duration: number }>();

const root = join(import.meta.dirname, "..");
const measurements = join(import.meta.dirname, "measurements");
const pictures = join(root, "docs", "pictures");
const folder = await mkdtemp(join(tmpdir(), "mcpaas-baseline-"));
const running: RunningServer[] = [];
const keep = async (server: Promise<RunningServer>) => {
  running.push(await server);
  return await server;
};

/** Runs the command, and gives its report; its files are those of `name`. */
async function load(name: string, server: RunningServer, args: string[]): Promise<Report> {
  console.error(`${name}: ${args.join(" ")}`);
  const out = join(measurements, name);
  const fixed = ["load", "--url", server.url.href, "--out", out, "--force", "--json", "--sessions", "50"];
  // Exit code 1 says that limits were passed, which is what some of them are for.
  const { stdout } = await execa(process.execPath, [join(root, "cli", "mcpaas.ts"), ...fixed, ...args], {
    ...{ reject: false, stdin: "ignore", stderr: "inherit" },
    env: { MCP_TOKEN: server.headers["authorization"]?.replace("Bearer ", "") },
  });
  await mkdir(pictures, { recursive: true });
  await copyFile(`${out}.png`, join(pictures, `${name}.png`));
  await rm(`${out}.png`);
  return JSON.parse(stdout) as Report;
}

try {
  const echo = await keep(startServer("echo"));
  const guard = await keep(startGuard("echo", echo.url, folder));
  const strict = await keep(startGuard("strict", echo.url, folder, { limits: {} }));
  const climb = ["--find-knee", "--start", "50", "--factor", "1.5", "--duration", `${options.duration}s`];
  // What runs for the first time is compiled meanwhile.
  for (const each of [echo, guard]) await load("load-warm", each, ["--rps", "100", "--duration", "5s"]);
  const alone = await load("load-knee-alone", echo, climb);
  const guarded = await load("load-knee-guarded", guard, climb);
  const half = Math.max(1, Math.round((guarded.knee?.rps ?? 50) / 2));
  const steady = await load("load-steady", guard, [
    "--rps",
    `${half}`,
    "--duration",
    `${options.duration * 3}s`,
  ]);
  const over = `${Math.max(20, Math.ceil(240 / options.duration))}`;
  const limited = await load("load-limited", strict, ["--rps", over, "--duration", `${options.duration}s`]);
  writeSection("load.md", "baseline", figures({ alone, guarded, steady, limited }));
} finally {
  for (const each of running) await each.stop();
  await rm(folder, { recursive: true });
  for (const name of ["load-warm.json"]) await rm(join(measurements, name), { force: true });
  await rm(join(pictures, "load-warm.png"), { force: true });
}
