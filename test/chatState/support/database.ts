import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { PostgreSql, type PostgreSqlArgs } from "../../../components/postgresql.ts";
import { Redis, type RedisArgs } from "../../../components/redis.ts";
import { type Registered, runWithMocks } from "../../support/mocks.ts";
import { Pod, type Running } from "./pod.ts";
import { programs } from "./programs.ts";

const SET = "kubernetes:apps/v1:StatefulSet";
const KEY = "pulumi-nodejs:dynamic/mcpaas:GeneratedKey";
const run = promisify(execFile);

/** What a test, or all tests of a file, leave behind, and what has to be done about it, the last thing first. */
export class Scope {
  private readonly undo: (() => Promise<unknown>)[] = [];

  add(undo: () => Promise<unknown>): void {
    this.undo.push(undo);
  }

  async folder(): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), "mcpaas-test-"));
    this.add(() => rm(dir, { recursive: true }));
    return dir;
  }

  async end(): Promise<void> {
    for (const undo of this.undo.reverse()) await undo();
  }
}

/** A port that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The component's PostgreSQL, by its own pod's specification. */
export class Database {
  readonly port: number;
  private readonly dir: string;
  private readonly password: string;
  private readonly resources: readonly Registered[];

  private constructor(dir: string, port: number, password: string, resources: readonly Registered[]) {
    this.dir = dir;
    this.port = port;
    this.password = password;
    this.resources = resources;
  }

  static async of(
    dir: string,
    args: Partial<PostgreSqlArgs> = {},
    password = "generated",
  ): Promise<Database> {
    const { resources } = await runWithMocks(
      () => new PostgreSql("db", { namespace: "chat", clients: [], ...args }),
      { outputs: { [KEY]: () => ({ value: password }) } },
    );
    return new Database(dir, await freePort(), password, resources);
  }

  get spec() {
    return this.resources.find(({ type }) => type === SET)?.inputs.spec.template.spec;
  }

  url(database = "app", user = "app", password = this.password): string {
    return `postgresql://${user}:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** What the init container says and how it ends. */
  prepare() {
    return this.pod().run(this.spec.initContainers[0]);
  }

  /** Starts the pod, ready when its own probe says so. */
  async start(scope: Scope): Promise<Running> {
    const prepared = await this.prepare();
    if (prepared.code !== 0) throw new Error(`prepare ended with ${prepared.code}: ${prepared.output}`);
    const [container] = this.spec.containers;
    const here = ["-c", `port=${this.port}`, "-c", "listen_addresses=127.0.0.1"];
    const server = await this.pod().start(container, { args: here, env: { PGPORT: String(this.port) } });
    ends(scope, server);
    await ready(server, container.readinessProbe.exec.command);
    return server;
  }

  /**
   * Runs the pod of the CronJob for backing up or restoring.
   *
   * @param within a command that runs the container's own
   */
  job(which: "backup" | "restore", env: Record<string, string> = {}, within: string[] = []) {
    const job = this.resources.find(({ name }) => name === `db-${which}`)?.inputs;
    const { spec } = job.spec.jobTemplate.spec.template;
    const here = { PGHOST: "127.0.0.1", PGPORT: String(this.port) };
    const pod = new Pod(spec, join(this.dir, "jobs"), this.resources);
    const [container] = spec.containers;
    const command = [...within, ...container.command];
    return pod.run({ ...container, command }, { env: { ...here, ...env } });
  }

  /** What a statement answers, over the network. */
  async query(sql: string, url = this.url()): Promise<string> {
    const psql = join(dirname(programs.postgres as string), "psql");
    const { stdout } = await run(psql, ["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, url]);
    return stdout.trim();
  }

  private pod(): Pod {
    return new Pod(this.spec, this.dir, this.resources);
  }
}

/** The component's Redis, by its own pod's specification. */
export async function startRedis(
  scope: Scope,
  dir: string,
  args: Partial<RedisArgs> = {},
  password = "generated",
) {
  const { resources } = await runWithMocks(
    () => new Redis("cache", { namespace: "chat", clients: [], ...args }),
    { outputs: { [KEY]: () => ({ value: password }) } },
  );
  const { spec } = resources.find(({ type }) => type === SET)?.inputs.spec.template ?? {};
  const [container] = spec.containers;
  const port = await freePort();
  const pod = new Pod(spec, dir, resources);
  const server = await pod.start(container, { args: ["--port", String(port), "--bind", "127.0.0.1"] });
  ends(scope, server);
  return { server, port, container, url: `redis://:${password}@127.0.0.1:${port}/0` };
}

function ends(scope: Scope, running: Running): void {
  scope.add(async () => {
    running.kill("SIGKILL");
    await running.ended;
  });
}

/** Asks a probe until it holds; the test's time limit is the limit. */
async function ready(running: Running, probe: string[]): Promise<void> {
  let over = false;
  const ended = running.ended.then((how) => {
    over = true;
    return how;
  });
  for (;;) {
    if (over) throw new Error(`it ended: ${(await ended).output}`);
    if ((await running.exec(probe)).code === 0) return;
  }
}
