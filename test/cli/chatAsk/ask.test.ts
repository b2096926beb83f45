import { expect, onTestFinished, test, vi } from "vitest";
import { ChatApi } from "../../../cli/chatAsk/api.ts";
import { administrator, QUESTION, startChatWorld, toolConnection } from "../../support/chatWorld.ts";
import { ask, askJson, chatsIn } from "./asking.ts";

test("a question comes back with an answer, its sources, and the tools that were called", async () => {
  const { url, audit } = await startChatWorld();
  const { code, stdout, stderr } = await ask(url, [QUESTION]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toContain("artifact streaming is generally available");
  expect(stdout).toContain(
    "\nSources:\n  AKS release notes, 2026-07-17: latest features: https://github.com/Azure/AKS/blob/master/CHANGELOG.md\n",
  );
  expect(stdout).toMatch(
    /\nTools called:\n {2}open-websearch_search \{"query":"What are the latest features in AKS\?"\}: completed, [\d.]+ s\n/,
  );
  expect(audit).toMatchObject([{ tool: "search", query: QUESTION, outcome: "ok" }]);
});

test("--json has all of it, and which pages were only found", async () => {
  const { url } = await startChatWorld();
  const report = await askJson(url, QUESTION);
  expect(report).toMatchObject({ code: 0, question: QUESTION, model: "phi-4-mini-instruct", problems: [] });
  expect(report.answer).toContain("CHANGELOG.md");
  expect(report.calls).toMatchObject([
    { tool: "open-websearch_search", arguments: { query: QUESTION }, status: "completed" },
  ]);
  expect(report.calls[0]?.seconds).toBeTypeOf("number");
  const cited = report.sources.filter((source) => source.cited);
  expect(cited).toHaveLength(3);
  expect(report.sources.length).toBeGreaterThan(3);
  expect(report.sources.every(({ found }) => found)).toBe(true);
});

test("what the page would tell the model first is told, and the tools are those of the model", async () => {
  const { url } = await startChatWorld({
    env: {
      DEFAULT_MODEL_METADATA: "{}",
      DEFAULT_INTERFACE_SETTINGS: JSON.stringify({ system: "Name your sources." }),
    },
  });
  const report = await askJson(url, QUESTION);
  expect(report).toMatchObject({ code: 0, calls: [], sources: [] });
  expect(report.answer).toMatch(/no tool to search it with/);
  const api = new ChatApi(new URL(url), AbortSignal.timeout(10_000));
  await api.signIn(administrator.email, administrator.password);
  expect(await api.systemPrompt()).toBe("Name your sources.");
});

test("--tools switches on what it names, by the server's name, and --no-tools nothing", async () => {
  const { url } = await startChatWorld({ env: { DEFAULT_MODEL_METADATA: "{}" } });
  expect((await askJson(url, "--tools", "open-websearch", QUESTION)).calls).toHaveLength(1);
  expect((await askJson(url, "--no-tools", QUESTION)).calls).toEqual([]);
});

test("a name that there isn't is a wrong command line, and what there is is said", async () => {
  const { url } = await startChatWorld();
  expect(await ask(url, ["--tools", "websearch", QUESTION])).toMatchObject({
    code: 2,
    stderr: "error: there are no tools of websearch; there are those of open-websearch\n",
  });
  expect(await ask(url, ["--model", "phi", QUESTION])).toMatchObject({
    code: 2,
    stderr: "error: there is no model phi; there are phi-4-mini-instruct\n",
  });
});

test("the chat is gone afterwards, unless it is to be kept", async () => {
  const { url, dir } = await startChatWorld();
  const kept = await askJson(url, "--keep", "hello");
  expect(kept.chat).toMatch(new RegExp(`^${url}/c/`));
  const chats = [kept.chat?.split("/").at(-1)];
  expect(chatsIn(dir)).toEqual(chats);
  const { stdout } = await ask(url, ["hello"]);
  expect(stdout).not.toContain("/c/");
  expect(chatsIn(dir)).toEqual(chats);
});

test("a chat that can't be deleted is said to be left", async () => {
  const { url } = await startChatWorld();
  const { fetch } = globalThis;
  const deleting = vi.spyOn(globalThis, "fetch").mockImplementation(async (to, options) => {
    const deletes = options?.method === "DELETE" && String(to).includes("/api/v1/chats/");
    return deletes ? new Response("{}", { status: 500 }) : await fetch(to, options);
  });
  onTestFinished(() => deleting.mockRestore());
  const { code, stdout, stderr } = await ask(url, ["hello"]);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^warning: the chat could not be deleted \(\/api\/v1\/chats\/[0-9a-f-]+ answers 500\)\n$/,
  );
  expect(stdout).toContain(`${url}/c/`);
});

test("a model that calls none of its tools is no broken link, and what it was offered is told", async () => {
  const { url } = await startChatWorld();
  const { code, stdout } = await ask(url, ["hello"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/No tool was called; the model was offered open-websearch_search, /);
});

test("somebody who is no administrator is answered as well", async () => {
  const { url } = await startChatWorld();
  const api = new ChatApi(new URL(url), AbortSignal.timeout(10_000));
  const { token } = await api.signIn(administrator.email, administrator.password);
  const account = { name: "Ann", email: "ann@example.com", password: "Ann's-pass-word", role: "user" };
  await fetch(`${url}/api/v1/auths/add`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(account),
  });
  const { code, stdout } = await ask(url, ["--email", account.email, QUESTION], {
    CHAT_PASSWORD: account.password,
  });
  expect(code).toBe(0);
  expect(stdout).toContain("CHANGELOG.md");
});

test("tools that are an administrator's only are named to others who are to have them", async () => {
  const { url } = await startChatWorld({
    env: {
      TOOL_SERVER_CONNECTIONS: JSON.stringify([
        toolConnection("http://127.0.0.1:1/mcp", { config: { enable: false } }),
      ]),
    },
  });
  const { code, stderr } = await ask(url, [QUESTION]);
  expect(code).toBe(1);
  expect(stderr).toContain("the model is to have server:mcp:open-websearch, which the chat app doesn't have");
});
