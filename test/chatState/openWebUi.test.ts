import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Scope } from "./support/database.ts";
import type { Running } from "./support/pod.ts";
import { missing } from "./support/programs.ts";
import { chatPods, type Replica } from "./support/replicas.ts";

const absent = missing("bwrap", "nsenter", "openWebUi");
if (absent) console.log(`The tests of what Open WebUI itself refuses are ${absent}`);

const PERSON = { name: "P", email: "person@example.com", password: "person-password", role: "user" };
const DAY = 24 * 3600;

describe.skipIf(absent !== undefined)("one pod of the real Open WebUI", { timeout: 120_000 }, () => {
  const scope = new Scope();
  let dir: string;
  let chat: Replica;
  let app: Running;
  let token: string;
  beforeAll(async () => {
    dir = await scope.folder();
    const { pods, account } = await chatPods(scope, dir, { uploads: false });
    [chat] = pods;
    app = await chat.start();
    const { token: administrator } = await signIn(account);
    await chat.call("/api/v1/auths/add", { token: administrator, body: PERSON });
    token = (await signIn(PERSON)).token;
  }, 300_000);
  afterAll(() => scope.end(), 60_000);

  const signIn = async ({ email, password }: { email: string; password: string }) => {
    const answer = await chat.call("/api/v1/auths/signin", { body: { email, password } });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { token: string };
  };
  /** The lines of its log that tell of a request to this path. */
  const audited = (path: string) =>
    app
      .said()
      .split("\n")
      .filter((line) => line.includes("audit") && line.includes(path));

  it("says who asks, and not what", async () => {
    const messages = [{ role: "user", content: "my secret question" }];
    await chat.call("/api/chat/completions", { token, body: { model: "none", messages } });
    await expect
      .poll(() => audited("/api/chat/completions"), { timeout: 30_000 })
      .toEqual([expect.stringContaining(PERSON.email)]);
    expect(app.said().includes("my secret question")).toBe(false);
  });

  it.each(["", "?process=false"])("takes no files where uploads are off (%s)", async (query) => {
    const form = new FormData();
    form.append("file", new Blob(["news"], { type: "text/plain" }), "news.txt");
    const answer = await chat.call(`/api/v1/files/${query}`, { token, form });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("Read-only")]);
    const written = await readdir(dir, { recursive: true });
    expect(written.filter((name) => name.endsWith("news.txt"))).toEqual([]);
    expect(written).toContainEqual(join("chat-data-managed-csi", "webui.db"));
  });

  it.each([
    ["web", "192.0.2.1"],
    ["url", "192.0.2.2"],
  ])("fetches no page for anybody (process/%s)", async (kind, host) => {
    const url = `https://${host}/`;
    const answer = await chat.call(`/api/v1/retrieval/process/${kind}`, { token, body: { url } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(app.said().includes(`Blocked by filter list: ${host}`)).toBe(true);
  });

  it("without Redis gives a token that ends after a day, for signing out doesn't end it", async () => {
    const { token: own } = await signIn(PERSON);
    const { exp, iat } = JSON.parse(Buffer.from(own.split(".")[1] ?? "", "base64url").toString());
    expect(exp - (iat ?? Date.now() / 1000)).toBeLessThanOrEqual(DAY);
    await chat.call("/api/v1/auths/signout", { token: own, body: {} });
    expect((await chat.call("/api/v1/auths/", { token: own })).status).toBe(200);
  });
});

/** What becomes of accounts at a sign-in with Entra ID, by the program's own function and the pod's settings. */
const ROLES = `
import asyncio, json
from types import SimpleNamespace
from open_webui.utils import oauth

async def several():
    return 2

oauth.Users.get_num_users = several
decide = oauth.OAuthManager.get_user_role

async def role(was, claims):
    user = was and SimpleNamespace(role=was)
    try:
        return await decide(SimpleNamespace(), user, claims)
    except oauth.HTTPException as error:
        return error.status_code

async def main():
    all = [(None, ["Chat.User"]), (None, ["Chat.Admin"]), (None, ["Other"]), (None, None), ("admin", ["Chat.User"]),
           ("admin", ["Other"]), ("admin", []), ("admin", None), ("user", None)]
    said = [[was, roles, await role(was, {} if roles is None else {"roles": roles})] for was, roles in all]
    print("ROLES " + json.dumps(said))

asyncio.run(main())
`;

describe.skipIf(absent !== undefined)("Entra ID's app roles", { timeout: 120_000 }, () => {
  it("make accounts and change them, and leave those as they are whose token has none", async () => {
    const scope = new Scope();
    onTestFinished(() => scope.end());
    const guid = "00000000-0000-0000-0000-000000000001";
    const roles = { users: ["Chat.User"], administrators: ["Chat.Admin"] };
    const { pods } = await chatPods(scope, await scope.folder(), {
      publicUrl: "https://chat.example.com",
      signIn: { entra: { tenantId: guid, clientId: guid, clientSecret: "s", roles } },
    });
    const { output } = await pods[0].python(ROLES);
    expect(JSON.parse(/^ROLES (.*)$/m.exec(output)?.[1] ?? "null")).toEqual([
      [null, ["Chat.User"], "user"],
      [null, ["Chat.Admin"], "admin"],
      [null, ["Other"], 403],
      [null, null, "pending"],
      ["admin", ["Chat.User"], "user"],
      ["admin", ["Other"], 403],
      // What docs/chat.md warns of.
      ["admin", [], "admin"],
      ["admin", null, "admin"],
      ["user", null, "user"],
    ]);
  });
});
