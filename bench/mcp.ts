import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { table } from "../cli/table.ts";
import { whole } from "../cli/values.ts";
import { compare } from "./mcp/compare.ts";
import { memoryOver } from "./mcp/memory.ts";
import { type RunningServer, startGuard, startServer } from "./mcp/servers.ts";
import { targets } from "./mcp/targets.ts";

// What the guard costs its callers: each server alone and behind the guard, in turns within one run, so that both
// meet the same machine. It fails where the guard adds more than is allowed, or where an answer is wrong.
const program = new Command("bench/mcp.ts")
  .option("--clients <count>", "clients, each with a session of its own", whole(1), 50)
  .option("--seconds <count>", "seconds of each measurement", whole(1), 8)
  .option("--rounds <count>", "measurements of each, whose middle one counts", whole(1), 3)
  .option("--rate <count>", "calls a second of each client", whole(1), 4)
  .option("--calls <count>", "calls for the measurement of memory; 0 leaves it out", whole(0), 100_000)
  .parse();
const options = program.opts<{
  clients: number;
  seconds: number;
  rounds: number;
  rate: number;
  calls: number;
}>();

const folder = await mkdtemp(join(tmpdir(), "mcpaas-bench-"));
const started: RunningServer[] = [];
const keep = async (server: Promise<RunningServer>) => {
  started.push(await server);
  return await server;
};
try {
  const problems: string[] = [];
  for (const { server, env, calls } of await targets(folder)) {
    const bare = await keep(startServer(server, env));
    const guard = await keep(startGuard(server, bare.url, folder));
    for (const call of calls) {
      const { rows, wrong } = await compare({ server, bare, guard, call, ...options });
      console.log(`\n${server}: ${call.tool}\n`);
      console.log(
        table(["load", "calls/s", "p50", "p95", "p99", "ratio of p50", "added p50", "added p99"], rows),
      );
      problems.push(...wrong);
    }
    if (options.calls > 0) {
      const memory = await memoryOver(options.calls, options.clients, { bare, guard }, calls[0]);
      console.log(`\nmemory over ${options.calls} calls of ${calls[0].tool}\n`);
      console.log(table(["calls", "guard", "server"], memory.rows));
      console.log(`\n${memory.verdict}`);
      problems.push(...memory.wrong);
    }
    for (const running of started.splice(0)) await running.stop();
  }
  console.log(problems.length === 0 ? "\nAll of it is as allowed." : `\n${problems.join("\n")}`);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  for (const running of started) await running.stop();
  await rm(folder, { recursive: true });
}
