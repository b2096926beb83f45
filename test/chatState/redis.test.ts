import { describe, expect, it, onTestFinished } from "vitest";
import type { RedisArgs } from "../../components/redis.ts";
import { Scope, startRedis } from "./support/database.ts";
import { missing } from "./support/programs.ts";
import { RespClient } from "./support/resp.ts";

const absent = missing("bwrap", "nsenter", "valkey");
if (absent) console.log(`Valkey's own tests are ${absent}`);

async function started(scope: Scope, dir: string, args: Partial<RedisArgs> = {}, password = "generated") {
  const redis = await startRedis(scope, dir, args, password);
  // It answers nobody before it listens; the test's time limit is the limit.
  const client = await expect
    .poll(() => RespClient.to(redis.port).catch(() => undefined), { timeout: 60_000 })
    .not.toBe(undefined)
    .then(() => RespClient.to(redis.port));
  scope.add(async () => client.close());
  return { ...redis, client };
}

describe.skipIf(absent !== undefined)("the real Valkey", { timeout: 120_000 }, () => {
  const testScope = () => {
    const scope = new Scope();
    onTestFinished(() => scope.end());
    return scope;
  };

  it("answers who has the password, with what clients need and nothing that administers", async () => {
    const scope = testScope();
    const { client } = await started(scope, await scope.folder());
    expect(await client.ask("PING")).toMatch(/^-NOAUTH/);
    expect(await client.ask("AUTH", "wrong")).toMatch(/^-WRONGPASS/);
    expect(await client.ask("AUTH", "generated")).toBe("+OK");
    expect(await client.ask("PING")).toBe("+PONG");
    expect(await client.ask("EVAL", "return redis.call('set', KEYS[1], ARGV[1])", "1", "k", "v")).toBe("+OK");
    expect(await client.ask("PUBLISH", "channel", "x")).toBe(":0");
    expect(await client.ask("INFO", "server")).toContain("server_name:valkey");
    for (const command of [
      ["CONFIG", "GET", "*"],
      ["FLUSHALL"],
      ["SHUTDOWN"],
      ["REPLICAOF", "127.0.0.1", "1"],
      ["MONITOR"],
      ["ACL", "LIST"],
      ["KEYS", "*"],
    ]) {
      expect(`${command[0]} ${await client.ask(...command)}`).toMatch(/-NOPERM/);
    }
  });

  it("keeps what was written when it ends, and has the new password after a restart", async () => {
    const scope = testScope();
    const dir = await scope.folder();
    const { client, server } = await started(scope, dir);
    await client.ask("AUTH", "generated");
    await client.ask("SET", "revoked", "1", "EX", "3600");
    server.kill("SIGTERM");
    expect((await server.ended).code).toBe(0);
    const again = await started(scope, dir, {}, "rotated");
    expect(await again.client.ask("AUTH", "generated")).toMatch(/^-WRONGPASS/);
    await again.client.ask("AUTH", "rotated");
    expect(await again.client.ask("GET", "revoked")).toBe("$1\r\n1");
  });

  it("refuses to write when its memory is full, and forgets nothing", async () => {
    const scope = testScope();
    const { client } = await started(scope, await scope.folder(), { maxMemoryMiB: 16 });
    await client.ask("AUTH", "generated");
    await client.ask("SET", "revoked", "1", "EX", "3600");
    const answers = [];
    for (let i = 0; i < 20; i++) answers.push(await client.ask("SET", `k${i}`, "x".repeat(1 << 20)));
    expect(answers.at(-1)).toMatch(/^-OOM/);
    expect(await client.ask("GET", "revoked")).toBe("$1\r\n1");
  });

  it.skipIf(missing("valkeyCli") !== undefined)("is ready and alive by its own probes", async () => {
    const scope = testScope();
    const { server, container, port } = await started(scope, await scope.folder());
    for (const kind of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const [shell, flag, script] = container[kind].exec.command;
      const here = script.replace("valkey-cli", `redis-cli -p ${port}`);
      expect(await server.exec([shell, flag, here])).toMatchObject({ code: 0 });
      const elsewhere = script.replace("valkey-cli", "redis-cli -p 1");
      expect((await server.exec([shell, flag, elsewhere])).code).not.toBe(0);
    }
  });
});
