import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { Database, Scope } from "./support/database.ts";
import type { Running } from "./support/pod.ts";
import { missing, programFolders } from "./support/programs.ts";

const absent = missing("bwrap", "nsenter", "postgres");
/** What the test makes goes with it. */
function testScope(): Scope {
  const scope = new Scope();
  onTestFinished(() => scope.end());
  return scope;
}

/** As a container's command that writes no file larger than 100 blocks. */
const LARGEST_FILE = ["sh", "-c", 'ulimit -f 100; exec "$@"', "sh"];

if (absent) console.log(`PostgreSQL's own tests are ${absent}`);

describe.skipIf(absent !== undefined)("the real PostgreSQL", { timeout: 120_000 }, () => {
  it("lets its role into its database with the password, and nobody anywhere else", async () => {
    const scope = testScope();
    const database = await Database.of(await scope.folder(), { extensions: ["vector"] });
    const server = await database.start(scope);
    expect(
      await database.query("select current_user, rolsuper from pg_roles where rolname = current_user"),
    ).toBe("app|f");
    expect(await database.query("select extname from pg_extension where extname = 'vector'")).toBe("vector");
    await database.query("create table t (v vector(2)); insert into t values ('[1,2]')");
    const refused = (url: string) =>
      expect(database.query("select 1", url)).rejects.toThrow(/no pg_hba.conf entry/);
    await refused(database.url("postgres"));
    await refused(database.url("app", "postgres"));
    await refused(database.url("template1"));
    await expect(database.query("select 1", database.url("app", "app", "wrong"))).rejects.toThrow(
      /password authentication failed/,
    );
    expect((await server.exec(["sh", "-c", "touch /x"])).output).toMatch(/Read-only file system/);
  });

  it("keeps its data when it is killed, and has the new password after a restart", async () => {
    const scope = testScope();
    const dir = await scope.folder();
    const before = await Database.of(dir);
    const first = await before.start(scope);
    await before.query("create table t as select 7 as n");
    first.kill("SIGKILL");
    await first.ended;
    const after = await Database.of(dir, {}, "rotated");
    await after.start(scope);
    expect(await after.query("select n from t")).toBe("7");
    await expect(after.query("select 1", after.url("app", "app", "generated"))).rejects.toThrow(
      /authentication/,
    );
  });

  it("ends at once although a client is connected, with nothing to recover", async () => {
    const scope = testScope();
    const database = await Database.of(await scope.folder());
    const server = await database.start(scope);
    const client = database.query("select pg_sleep(3600)");
    const gone = expect(client).rejects.toThrow(/terminating connection due to administrator command/);
    const sleeping = "select count(*) from pg_stat_activity where query = 'select pg_sleep(3600)'";
    await expect.poll(() => database.query(sleeping), { timeout: 60_000 }).toBe("1");
    const { lifecycle, livenessProbe } = database.spec.containers[0];
    expect((await server.exec(livenessProbe.exec.command)).code).toBe(0);
    await server.exec(lifecycle.preStop.exec.command);
    const { code, output } = await server.ended;
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(/fast shutdown[\s\S]*is shut down/),
    });
    await gone;
  });

  it("says what to do when the disk has the data of another version", async () => {
    const scope = testScope();
    const dir = await scope.folder();
    const database = await Database.of(dir);
    expect(await database.prepare()).toMatchObject({ code: 0 });
    await writeFile(join(dir, "db-managed-csi", "pgdata", "PG_VERSION"), "12\n");
    expect(await database.prepare()).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /^The data are those of PostgreSQL 12, and the image is \d+: restore a backup/m,
      ),
    });
  });

  it("begins anew when making the data folder was interrupted", async () => {
    const scope = testScope();
    const dir = await scope.folder();
    await mkdir(join(dir, "db-managed-csi", "pgdata.new", "base"), { recursive: true });
    const database = await Database.of(dir);
    await database.start(scope);
    expect(await database.query("select 1")).toBe("1");
  });

  it("doesn't log the password, even when it can't be set", async () => {
    const scope = testScope();
    const dir = await scope.folder();
    const database = await Database.of(dir, {}, "s3cret'word");
    expect((await database.prepare()).output).not.toContain("s3cret");
    const file = join(dir, "db-managed-csi", "pgdata", "postgresql.auto.conf");
    await writeFile(file, "default_transaction_read_only = on\n");
    const { code, output } = await database.prepare();
    expect(code).not.toBe(0);
    expect(output).toMatch(/cannot execute ALTER ROLE in a read-only transaction/);
    expect(output).not.toContain("s3cret");
  });
});

describe.skipIf(absent !== undefined)("the real backups", { timeout: 120_000 }, () => {
  const scope = new Scope();
  let database: Database;
  let server: Running;
  let folder: string;
  beforeAll(async () => {
    const dir = await scope.folder();
    database = await Database.of(dir, { backup: { keep: 2 }, extensions: ["vector"] });
    server = await database.start(scope);
    folder = join(dir, "jobs", "db-backup-managed-csi");
  });
  afterAll(() => scope.end());
  beforeEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await database.query(
      "drop table if exists t; create table t (n int, v vector(2)); insert into t values (1, '[1,2]')",
    );
  });
  const backups = async () => (await readdir(folder)).sort();

  it("bring back all that was there, and take away what came later", async () => {
    expect(await database.job("backup")).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^wrote app-/),
    });
    expect(await backups()).toEqual([expect.stringMatching(/^app-\d{8}T\d{6}Z\.dump$/)]);
    await database.query("drop table t; create table later (n int)");
    expect(await database.job("restore")).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^restored app-/m),
    });
    expect(await database.query("select n, v from t")).toBe("1|[1,2]");
    await expect(database.query("select from later")).rejects.toThrow(/does not exist/);
    await database.query("create table owned_as_before (v vector(2))");
  });

  it("change nothing when a backup can't be read to its end", async () => {
    await database.job("backup");
    const file = join(folder, (await backups())[0] as string);
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, whole.length - 40));
    expect(await database.job("restore")).toMatchObject({
      code: 1,
      output: expect.stringMatching(/can't be read to its end; nothing has changed/),
    });
    expect((await database.job("restore", { BACKUP: "none.dump" })).output).toMatch(
      /^no such backup: 'none.dump'/,
    );
    expect(await database.query("select n from t")).toBe("1");
  });

  it("count only when they can be read to their end", async () => {
    await database.job("backup");
    const before = await backups();
    // A pg_dump that loses the end of what it wrote, as a disk does that fills up.
    const bin = join(folder, "bin");
    await mkdir(bin);
    const dump = `#!/bin/sh
PATH=\${PATH#*:}
pg_dump "$@"
for last; do :; done
truncate -s -40 "\${last#--file=}"
`;
    await writeFile(join(bin, "pg_dump"), dump, { mode: 0o755 });
    const { code, output } = await database.job("backup", { PATH: `/backups/bin:${programFolders()}` });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/could not read|end of file/),
    });
    expect((await backups()).filter((name) => name.endsWith(".dump"))).toEqual(before);
  });

  it("need no room of their own when they are restored, however large they are", async () => {
    await database.query(
      "create table large as select g as n, repeat(md5(g::text), 40) as filling from generate_series(1, 20000) g",
    );
    await database.job("backup");
    await database.query("drop table large");
    expect(await database.job("restore", {}, LARGEST_FILE)).toMatchObject({ code: 0 });
    expect(await database.query("select count(*) from large")).toBe("20000");
    await database.query("drop table large");
  });

  it("change nothing when restoring fails half-way", async () => {
    await database.query("create table kept as select 1 as n");
    await database.job("backup");
    await database.query("drop table t");
    await server.exec(["psql", "-d", "app", "-c", "create table public.t ()"]);
    const { code, output } = await database.job("restore");
    expect({ code, output }).toMatchObject({ output: expect.stringMatching(/relation "t" already exists/) });
    expect(code).not.toBe(0);
    expect(await database.query("select n from kept")).toBe("1");
    await server.exec(["psql", "-d", "app", "-c", "drop table public.t", "-c", "drop table kept"]);
  });

  it("are as many as are kept, the newest ones, and nothing half written", async () => {
    await database.job("backup");
    const [newest] = await backups();
    for (const name of [
      "app-20200101T000000Z.dump",
      "app-20200102T000000Z.dump",
      "app-1.dump.partial",
      "note",
    ]) {
      await writeFile(join(folder, name), "");
    }
    await rm(join(folder, newest as string));
    expect((await database.job("backup")).code).toBe(0);
    expect(await backups()).toEqual([
      "app-20200102T000000Z.dump",
      expect.stringMatching(/^app-202[^0]/),
      "note",
    ]);
  });

  it("leave the old ones alone when the database can't be reached", async () => {
    await database.job("backup");
    const before = await backups();
    expect((await database.job("backup", { PGPORT: "1" })).code).not.toBe(0);
    expect((await readdir(folder)).filter((n) => n.endsWith(".dump"))).toEqual(before);
  });
});
