import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Account,
  ask,
  askAs,
  chatOutput,
  type Pod,
  podsOf,
  replacing,
  request,
  servedBy,
  signIn,
} from "./support/chat.ts";
import { linesOf } from "./support/mcp.ts";
import { raiseStage, type Stage, WITHOUT_MONITORING } from "./support/stage.ts";

const QUESTION = "What are the latest features in AKS?";
const SEARCH = "open-websearch_search";
const CHAT_POD = "app.kubernetes.io/name=open-webui";

let stage: Stage;
beforeAll(async () => {
  stage = await raiseStage();
  await stage.setAll({
    ...WITHOUT_MONITORING,
    // Tested with the dev stack; here it would only take time.
    "mcpaas:innovationEngine.enabled": "false",
    // Short enough to be waited for, and long enough for a search on a busy machine.
    "mcpaas:openWebSearch.guard.limits.callSeconds": "6",
    // Two searches, and the third one is too much.
    "mcpaas:openWebSearch.guard.limits.tools.search.calls": "2",
    "mcpaas:openWebSearch.guard.limits.tools.search.seconds": "3600",
  });
  const up = await stage.pulumi("up", "--yes", "--skip-preview");
  expect(up.errors).toEqual([]);
  expect(up.exitCode).toBe(0);
});
afterAll(() => stage?.close());

const searches = async () =>
  (await linesOf(stage, "open-websearch", "guard")).filter((line) => line["tool"] === "search");

/** The chat that stays when the pod is replaced. */
let kept = "";

const ann: Account = { name: "Ann", email: "ann@example.com", password: "Ann's-own-pass-word", role: "user" };

/** The tests are one stack's life: each one goes on where the one before it ended. */
describe("the chat app of the dev stack", () => {
  test("has in the cluster what the component says, and its secrets in a Secret only", async () => {
    const [pod] = (await podsOf(stage, "chat", CHAT_POD)) as [Pod];
    const [container] = pod.spec.containers;
    const plain = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value ?? ""]));
    const name = container?.envFrom?.[0]?.secretRef?.name ?? "";
    const secret = await stage.get<{ data: Record<string, string> }>("secret", name, "-n", "chat");
    const kept = (key: string) => Buffer.from(secret.data[key] ?? "", "base64").toString();
    expect(plain).toMatchObject({ ENABLE_PERSISTENT_CONFIG: "false", ENABLE_SIGNUP: "false" });
    expect(kept("OPENAI_API_BASE_URLS")).toBe("http://phi-4-mini.models.svc.cluster.local/v1");
    const connections = JSON.parse(kept("TOOL_SERVER_CONNECTIONS")) as { url: string; key: string }[];
    expect(connections.map(({ url }) => url).sort()).toEqual([
      "http://echo.mcp.svc.cluster.local:3000/mcp",
      "http://open-websearch.mcp.svc.cluster.local:3000/mcp",
    ]);
    const { administrator } = await chatOutput(stage);
    const shown = JSON.stringify(pod.spec);
    for (const secretText of [
      kept("WEBUI_SECRET_KEY"),
      administrator.password,
      ...connections.map(({ key }) => key),
    ]) {
      expect(secretText.length).toBeGreaterThan(20);
      expect(shown).not.toContain(secretText);
    }
  });

  test("is the one that is to be tested: the real one where it is named, else what stands for it", async () => {
    const { administrator } = await chatOutput(stage);
    const token = await signIn(stage, administrator);
    const { features } = await request(stage, "GET", "/api/config", { token });
    expect(features).toHaveProperty("auth", true);
    // Only the real one tells how it was built.
    expect(Object.hasOwn(features as object, "slim")).toBe(Boolean(process.env["MCPAAS_OPEN_WEBUI"]));
  });

  test("answers with what the web search has found, and names its sources", async () => {
    const { exitCode, report, stderr } = await ask(stage, "--keep", QUESTION);
    kept = report.chat?.split("/").at(-1) ?? "";
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(report.problems).toEqual([]);
    expect(report.model).toBe("phi-4-mini-instruct");
    expect(report.calls).toMatchObject([
      { tool: SEARCH, status: "completed", arguments: { query: QUESTION } },
    ]);
    expect(report.answer).toMatch(/artifact streaming is generally available.*CHANGELOG\.md/s);
    const cited = report.sources.filter((source) => source.cited);
    expect(cited.map(({ url }) => url)).toContain("https://github.com/Azure/AKS/blob/master/CHANGELOG.md");
    expect(cited.every(({ found }) => found)).toBe(true);
    // The guard knows the chat app by a token of its own.
    expect(await searches()).toMatchObject([{ caller: "chat", query: QUESTION, outcome: "ok" }]);
  });

  test("answers people whom the administrator has let in, and nobody lets themselves in", async () => {
    const { administrator } = await chatOutput(stage);
    const token = await signIn(stage, administrator);
    await request(stage, "POST", "/api/v1/auths/add", { token, body: ann });
    const { exitCode, report } = await askAs(stage, ann, QUESTION);
    expect(exitCode).toBe(0);
    expect(report.calls).toMatchObject([{ tool: SEARCH, status: "completed" }]);
    await expect(
      request(stage, "POST", "/api/v1/auths/signup", { body: { ...ann, email: "eve@example.com" } }),
    ).rejects.toThrow(/403/);
    await expect(askAs(stage, { ...ann, password: "wrong" }, QUESTION)).resolves.toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/refuses to sign in ann@example\.com/),
    });
  });

  test("a limit that is used up ends in an answer that says so", async () => {
    const { exitCode, report } = await ask(stage, QUESTION);
    expect(exitCode).toBe(1);
    expect(report.calls).toMatchObject([{ tool: SEARCH, status: "failed" }]);
    expect(report.answer).toMatch(/couldn't search the web.*Too many calls/);
    expect(report.problems).toMatchObject(
      [{ link: "tools", remedy: /limit of its guard is used up/ }].map(matching),
    );
  });

  test("keeps its users and chats, and people stay signed in, when its pod is replaced", async () => {
    const token = await signIn(stage, ann);
    const [before] = await podsOf(stage, "chat", CHAT_POD);
    await replacing(stage, "chat", "chat", () =>
      stage.kubectl("delete", "pod", "-n", "chat", "-l", CHAT_POD),
    );
    const after = await podsOf(stage, "chat", CHAT_POD);
    expect(after.map(({ metadata }) => metadata.uid)).not.toContain(before?.metadata.uid);
    // Also a token of before: the key that signs it is the stack's.
    expect(await request(stage, "GET", "/api/models", { token })).toMatchObject({
      data: [{ id: "phi-4-mini-instruct" }],
    });
    const { administrator } = await chatOutput(stage);
    const chat = await request(stage, "GET", `/api/v1/chats/${kept}`, {
      token: await signIn(stage, administrator),
    });
    expect(JSON.stringify(chat)).toContain("artifact streaming is generally available");
  });

  test("a model that is down ends in words that name it", async () => {
    // Its node goes: a new pod finds no place.
    await stage.kubectl("cordon", "-l", "kubernetes.azure.com/agentpool=gpu");
    // Not waited for by kubectl: the StatefulSet's next pod has the name of the one that goes.
    await stage.kubectl("delete", "pod", "phi-4-mini-0", "-n", "models", "--wait=false");
    await stage.until(async () => (await servedBy(stage, "models", "phi-4-mini")).length === 0);
    const { exitCode, report, stderr } = await ask(stage, QUESTION);
    expect(exitCode).toBe(1);
    expect(report.answer).toBeNull();
    expect(report.problems).toMatchObject([{ link: "model" }]);
    expect(stderr).toContain("the chat app can't reach model phi-4-mini-instruct");
    await stage.kubectl("uncordon", "-l", "kubernetes.azure.com/agentpool=gpu");
    await stage.kubectl(
      "wait",
      "pod/phi-4-mini-0",
      "-n",
      "models",
      "--for=condition=Ready",
      "--timeout=120s",
    );
    expect((await ask(stage, "--no-tools", "hello")).exitCode).toBe(0);
  });

  test("a token that the guard doesn't know any more ends in an answer without its tools", async () => {
    const tokens = await stage.get<{ data: Record<string, string> }>(
      ...["secret", "open-websearch.guard-tokens", "-n", "mcp"],
    );
    const other = Buffer.from("another-token-of-the-same-length-0123456789").toString("base64");
    const patch = (value: string | undefined) =>
      stage.kubectl(
        ...["patch", "secret", "open-websearch.guard-tokens", "-n", "mcp", "--type=merge"],
        `--patch=${JSON.stringify({ data: { chat: value } })}`,
      );
    await patch(other);
    await restartSearch();
    const { exitCode, report } = await ask(stage, QUESTION);
    expect(exitCode).toBe(1);
    expect(report.calls).toEqual([]);
    expect(report.answer).toMatch(/no tool to search it with/);
    expect(report.problems).toMatchObject([
      { what: expect.stringMatching(/no connection to MCP server open-websearch/) },
    ]);
    await patch(tokens.data["chat"]);
    await restartSearch();
    expect((await ask(stage, QUESTION)).exitCode).toBe(0);
  });

  test("a search that takes too long ends in an answer that says so", async () => {
    const patch = { spec: { deployment: { env: { SEARCH_DELAY_MS: "60000" } } } };
    await replacing(stage, "mcp", "open-websearch", () =>
      stage.kubectl(
        ...["patch", "mcpserver", "open-websearch", "-n", "mcp", "--type=merge"],
        `--patch=${JSON.stringify(patch)}`,
      ),
    );
    const { exitCode, report } = await ask(stage, QUESTION);
    expect(exitCode).toBe(1);
    expect(report.calls).toMatchObject([{ tool: SEARCH, status: "failed" }]);
    expect(report.calls[0]?.seconds).toBeGreaterThan(5);
    expect(report.answer).toMatch(/couldn't search the web.*longer than 6 seconds/);
    expect(report.problems).toMatchObject([{ remedy: expect.stringMatching(/takes longer than its guard/) }]);
  });

  test("a search that the policy refuses ends in an answer that says what is missing", async () => {
    await stage.setAll({
      "mcpaas:openWebSearch.guard.authorization.rules[0].effect": "deny",
      "mcpaas:openWebSearch.guard.authorization.rules[0].tools[0]": "*",
      "mcpaas:openWebSearch.guard.authorization.rules[0].subjects[0]": "chat",
    });
    await replacing(stage, "mcp", "open-websearch", async () => {
      const up = await stage.pulumi("up", "--yes", "--skip-preview");
      expect(up.errors).toEqual([]);
    });
    const { exitCode, report, stderr } = await ask(stage, QUESTION);
    expect(exitCode).toBe(1);
    expect(report.calls).toEqual([]);
    expect(report.answer).toMatch(/no tool to search it with/);
    expect(stderr).toContain("MCP server open-websearch lets the chat app call none of its tools");
  });
});

const matching = ({ link, remedy }: { link: string; remedy: RegExp }) => ({
  link,
  remedy: expect.stringMatching(remedy),
});

/** New pods of the search server, whose guard reads its tokens once. KMCP keeps the Deployment, and not its pods. */
async function restartSearch(): Promise<void> {
  await replacing(stage, "mcp", "open-websearch", () =>
    stage.kubectl("delete", "pod", "-n", "mcp", "-l", "app.kubernetes.io/name=open-websearch"),
  );
}
