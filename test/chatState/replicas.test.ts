import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database, Scope, startRedis } from "./support/database.ts";
import { missing } from "./support/programs.ts";
import { eventsOf, type Replica, replicas } from "./support/replicas.ts";

const absent = missing("bwrap", "nsenter", "postgres", "valkey", "openWebUi");
if (absent) console.log(`The tests of two replicas of Open WebUI are ${absent}`);

describe.skipIf(absent !== undefined)("two replicas of the real Open WebUI", { timeout: 300_000 }, () => {
  const scope = new Scope();
  let database: Database;
  let a: Replica;
  let b: Replica;
  let account: { email: string; password: string };
  let migrated: { code: number | null; output: string }[];
  beforeAll(async () => {
    const dir = await scope.folder();
    database = await Database.of(join(dir, "database"));
    await database.start(scope);
    const redis = await startRedis(scope, join(dir, "redis"));
    const state = { database: database.url(), redis: redis.url };
    const { pods, account: administrator } = await replicas(scope, join(dir, "chat"), state);
    [a, b] = pods;
    account = administrator;
    migrated = await Promise.all([a.migrate(), b.migrate()]);
    await Promise.all([a.start(), b.start()]);
  }, 300_000);
  afterAll(() => scope.end(), 60_000);

  const signIn = async (replica: Replica) => {
    const answer = await replica.call("/api/v1/auths/signin", { body: account });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { token: string; id: string };
  };

  it("start at once on an empty database", async () => {
    expect(migrated).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(await database.query("select count(*) from alembic_version")).toBe("1");
  });

  it("make one administrator", async () => {
    expect(await database.query(`select count(*), min(role) from "user"`)).toBe("1|admin");
  });

  it("know who has signed in at the other one, and who has signed out there", async () => {
    const { token, id } = await signIn(a);
    const who = async () => b.call("/api/v1/auths/", { token });
    expect(await (await who()).json()).toMatchObject({ id });
    expect((await a.call("/api/v1/auths/signout", { token, body: {} })).status).toBe(200);
    expect((await who()).status).toBe(401);
  });

  it("have the same chats", async () => {
    const { token } = await signIn(a);
    const chat = { title: "What are the latest features in AKS?", messages: [] };
    const made = (await (await a.call("/api/v1/chats/new", { token, body: { chat } })).json()) as {
      id: string;
    };
    const read = await b.call(`/api/v1/chats/${made.id}`, { token });
    expect(await read.json()).toMatchObject({ chat: { title: chat.title } });
  });

  it("send a page at one of them what happens at the other", async () => {
    const { token } = await signIn(a);
    const chat = { title: "x", messages: [] };
    const { id } = (await (await a.call("/api/v1/chats/new", { token, body: { chat } })).json()) as {
      id: string;
    };
    const events = await eventsOf(scope, b, token);
    const body = { type: "status", data: { description: "searching" } };
    await a.call(`/api/v1/chats/${id}/messages/m1/event`, { token, body });
    await expect
      .poll(() => events, { timeout: 30_000 })
      .toContainEqual(["events", expect.objectContaining({ chat_id: id, data: body })]);
  });

  it("read each other's files on their common volume", async () => {
    const { token } = await signIn(a);
    const form = new FormData();
    form.append("file", new Blob(["AKS has news"], { type: "text/plain" }), "news.txt");
    const stored = (await (await a.call("/api/v1/files/?process=false", { token, form })).json()) as {
      id: string;
    };
    const read = await b.call(`/api/v1/files/${stored.id}/content`, { token });
    expect(await read.text()).toBe("AKS has news");
  });
});
