import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { POSTGRESQL_IMAGE } from "../../components/postgresql/podSpec.ts";
import { VALKEY_IMAGE } from "../../components/redis/podSpec.ts";
import { Database, Scope, startRedis } from "../../test/chatState/support/database.ts";
import { missing, programs } from "../../test/chatState/support/programs.ts";
import { RespClient } from "../../test/chatState/support/resp.ts";
import { descendantsOf } from "./family.ts";
import { atRest, observe } from "./observe.ts";
import { loadSeconds, type Measurement } from "./subject.ts";

const run = promisify(execFile);

/** PostgreSQL and Valkey with the command lines and settings of their components' pods. */
export async function chatState(folder: string): Promise<Record<string, Measurement>> {
  const absent = missing("bwrap", "nsenter", "postgres", "valkey");
  if (absent) {
    console.error(`PostgreSQL and Valkey are ${absent}`);
    return {};
  }
  const scope = new Scope();
  try {
    return { postgresql: await postgresql(scope, folder), valkey: await valkey(scope, folder) };
  } finally {
    await scope.end();
  }
}

/** Transactions of pgbench, which are like TPC-B's: far more writing than chats do. */
async function postgresql(scope: Scope, folder: string): Promise<Measurement> {
  const [clients, rate, scale] = [20, 100, 10];
  const before = descendantsOf([process.pid]);
  const database = await Database.of(join(folder, "database"));
  await database.start(scope);
  const pids = () => descendantsOf([process.pid]).filter((pid) => !before.includes(pid));
  const server = pids();
  const pgbench = join(dirname(programs.postgres as string), "pgbench");
  const rest = await atRest(() => pids());
  await run(pgbench, ["--initialize", "--quiet", "--scale", String(scale), database.url()]);
  // pgbench itself isn't below the server.
  const family = () => [...server, ...descendantsOf(server)];
  const args = ["--client", clients, "--rate", rate, "--time", loadSeconds, "--no-vacuum"].map(String);
  const load = await observe(family, () => run(pgbench, [...args, database.url()]));
  return {
    version: POSTGRESQL_IMAGE,
    load: `${rate} transactions a second of pgbench (scale ${scale}) on ${clients} connections`,
    atRest: rest,
    underLoad: load,
  };
}

/** What replicas of the chat app do with it: keys with an end, and messages to each other. */
async function valkey(scope: Scope, folder: string): Promise<Measurement> {
  const [clients, rate] = [50, 500];
  const before = descendantsOf([process.pid]);
  const { port } = await startRedis(scope, join(folder, "redis"));
  const pids = descendantsOf([process.pid]).filter((pid) => !before.includes(pid));
  const rest = await atRest(() => pids);
  const connections = await Promise.all(Array.from({ length: clients }, () => RespClient.to(port)));
  for (const connection of connections) await connection.ask("AUTH", "generated");
  const text = "x".repeat(1000);
  const load = await observe(
    () => pids,
    async () => {
      const end = performance.now() + loadSeconds * 1000;
      const client = async (connection: RespClient, number: number) => {
        for (let turn = 0; performance.now() < end; turn += 1) {
          await connection.ask("SET", `key-${number}-${turn}`, text, "EX", "600");
          await connection.ask("PUBLISH", "events", text);
          await sleep((2 * clients * 1000) / rate);
        }
      };
      await Promise.all(connections.map(client));
    },
  );
  for (const connection of connections) connection.close();
  return {
    version: VALKEY_IMAGE,
    load: `${rate} commands a second on ${clients} connections, 1 kB each`,
    atRest: rest,
    underLoad: load,
  };
}
