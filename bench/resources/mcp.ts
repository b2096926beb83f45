import { measure } from "../../cli/load/measure.ts";
import manifest from "../../package.json" with { type: "json" };
import { type RunningServer, startGuard, startServer } from "../mcp/servers.ts";
import { targets } from "../mcp/targets.ts";
import { atRest, observe } from "./observe.ts";
import { loadSeconds, type Measurement } from "./subject.ts";

const sessions = 50;
const warmUp = { rps: 100, seconds: 10 };
/** Calls a second: of five callers that use up the guard's default budget each; a document is read now and then. */
const rates: Record<string, number> = { echo: 10, "innovation-engine": 5 };

/** The MCP servers of this project, each behind a guard; the guard's figures are those before the echo server. */
export async function mcpServers(folder: string): Promise<Record<string, Measurement>> {
  const measured: Record<string, Measurement> = {};
  for (const { server, env, calls } of await targets(folder)) {
    const bare = await startServer(server, env);
    const guard = await startGuard(server, bare.url, folder);
    try {
      const rps = rates[server] ?? 5;
      const [call] = calls;
      const rest = await both(bare, guard, (pids) => atRest(() => pids));
      const target = { ...call, url: guard.url, headers: guard.headers, timeoutMs: 10_000 };
      const plan = { target, sessions, maxWaiting: 1000, limits: { errors: 0 } };
      const loaded = (rate: number, seconds: number) =>
        measure({ ...plan, rate, seconds }, {}, new AbortController().signal, () => {});
      // What runs often is compiled by then, as in a pod that has served for a while.
      await loaded(warmUp.rps, warmUp.seconds);
      const loading = loaded(rps, loadSeconds);
      const load = await both(bare, guard, (pids) =>
        observe(
          () => pids,
          () => loading,
        ),
      );
      const { problems } = await loading;
      if (problems.length > 0) throw new Error(`${server}: ${problems.join("; ")}`);
      const told = { version: manifest.version, load: `${rps} calls a second in ${sessions} sessions` };
      measured[server] = { ...told, atRest: rest.bare, underLoad: load.bare };
      if (server === "echo") measured["guard"] = { ...told, atRest: rest.guard, underLoad: load.guard };
    } finally {
      await guard.stop();
      await bare.stop();
    }
  }
  return measured;
}

async function both<T>(bare: RunningServer, guard: RunningServer, look: (pids: number[]) => Promise<T>) {
  const [ofBare, ofGuard] = await Promise.all([look([bare.pid]), look([guard.pid])]);
  return { bare: ofBare, guard: ofGuard };
}
