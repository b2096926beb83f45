import { io, WebSocket as NativeWebSocket } from "socket.io-client";
import { expect, onTestFinished, test, vi } from "vitest";
import { askJson } from "../../cli/chatAsk/asking.ts";
import { administrator, QUESTION, startChatWorld, toolConnection } from "../../support/chatWorld.ts";

/** What was recorded from the real Open WebUI 0.12.4; `npm run e2e:chat` compares the two by their users. */

/** What the tests look at of any answer. */
type Answer = { token: string; role: string; data: object[] };

async function call(url: string, method: string, path: string, body?: object, token?: string) {
  const response = await fetch(url + path, {
    method,
    headers: token ? { authorization: `Bearer ${token}` } : {},
    body: body && JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as Answer };
}

async function signedIn(url: string, account: object = administrator): Promise<string> {
  return (await call(url, "POST", "/api/v1/auths/signin", account)).answer.token;
}

const ann = { name: "Ann", email: "ann@example.com", password: "Ann's-pass-word", role: "user" };

test("it is healthy, ready, and tells strangers no more than that one can sign in", async () => {
  const { url } = await startChatWorld();
  for (const path of ["/health", "/ready", "/health/db"]) {
    expect(await call(url, "GET", path)).toEqual({ status: 200, answer: { status: true } });
  }
  const { answer } = await call(url, "GET", "/api/config");
  expect(answer).toMatchObject({ version: "0.12.4", features: { auth: true, enable_signup: false } });
  expect(answer).not.toHaveProperty("default_models");
  expect(await call(url, "GET", "/api/models")).toMatchObject({
    status: 401,
    answer: { detail: "Not authenticated" },
  });
});

test("the first start makes the administrator, and a later one no other", async () => {
  const first = await startChatWorld();
  await first.stop.chat();
  const env = { WEBUI_ADMIN_PASSWORD: "another-one" };
  const second = await startChatWorld({ dir: first.dir, env });
  expect((await call(second.url, "POST", "/api/v1/auths/signin", administrator)).status).toBe(200);
  const other = { ...administrator, password: "another-one" };
  expect(await call(second.url, "POST", "/api/v1/auths/signin", other)).toMatchObject({
    status: 400,
    answer: { detail: expect.stringContaining("password provided is incorrect") },
  });
});

test("tokens and accounts outlive a restart with the same key, and tokens none with another", async () => {
  const first = await startChatWorld();
  const token = await signedIn(first.url);
  await first.stop.chat();
  const same = await startChatWorld({ dir: first.dir });
  expect((await call(same.url, "GET", "/api/models", undefined, token)).status).toBe(200);
  await same.stop.chat();
  const other = await startChatWorld({ dir: first.dir, env: { WEBUI_SECRET_KEY: "another" } });
  expect((await call(other.url, "GET", "/api/models", undefined, token)).status).toBe(401);
});

test("without a key it doesn't start", async () => {
  await expect(startChatWorld({ env: { WEBUI_SECRET_KEY: "" } })).rejects.toThrow(
    /WEBUI_SECRET_KEY is missing/,
  );
});

test("sign-up is closed, or makes accounts that wait to be let in", async () => {
  const closed = await startChatWorld();
  expect((await call(closed.url, "POST", "/api/v1/auths/signup", ann)).status).toBe(403);
  const open = await startChatWorld({ env: { ENABLE_SIGNUP: "true" } });
  const { answer } = await call(open.url, "POST", "/api/v1/auths/signup", ann);
  expect(answer.role).toBe("pending");
  expect((await call(open.url, "GET", "/api/models", undefined, answer.token)).status).toBe(401);
});

test("models are the administrator's, unless that is switched off", async () => {
  const { url } = await startChatWorld({ env: { BYPASS_MODEL_ACCESS_CONTROL: "false" } });
  const token = await signedIn(url);
  await call(url, "POST", "/api/v1/auths/add", ann, token);
  const hers = await signedIn(url, ann);
  expect((await call(url, "GET", "/api/models", undefined, token)).answer.data).toHaveLength(1);
  expect((await call(url, "GET", "/api/models", undefined, hers)).answer.data).toEqual([]);
});

test("a connection to tools without grants is the administrator's", async () => {
  const env = {
    TOOL_SERVER_CONNECTIONS: JSON.stringify([
      toolConnection("http://127.0.0.1:1/mcp", { config: { enable: true, access_grants: [] } }),
    ]),
  };
  const { url } = await startChatWorld({ env });
  const token = await signedIn(url);
  await call(url, "POST", "/api/v1/auths/add", ann, token);
  const hers = await signedIn(url, ann);
  expect((await call(url, "GET", "/api/v1/tools/", undefined, token)).answer).toMatchObject([
    { id: "server:mcp:open-websearch", name: "Web search" },
  ]);
  expect((await call(url, "GET", "/api/v1/tools/", undefined, hers)).answer).toEqual([]);
  expect((await call(url, "GET", "/api/v1/configs/tool_servers", undefined, hers)).status).toBe(401);
});

test("names of tools that aren't listed are kept from the model", async () => {
  const { env } = await startChatWorld();
  const [{ url: tools }] = JSON.parse(env["TOOL_SERVER_CONNECTIONS"] ?? "");
  const config = { enable: true, access_grants: [], function_name_filter_list: "fetchWebContent" };
  const { url } = await startChatWorld({
    env: { TOOL_SERVER_CONNECTIONS: JSON.stringify([toolConnection(tools, { config })]) },
  });
  expect(await askJson(url, QUESTION)).toMatchObject({
    calls: [],
    answer: expect.stringMatching(/no tool to search it with/),
    offered: ["open-websearch_fetchWebContent"],
  });
});

test("JSON that can't be read counts as none, and the log says so", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => logged.mockRestore());
  const { url } = await startChatWorld({ env: { TOOL_SERVER_CONNECTIONS: "[{" } });
  const token = await signedIn(url);
  expect((await call(url, "GET", "/api/v1/tools/", undefined, token)).answer).toEqual([]);
  expect(logged).toHaveBeenCalledWith(expect.stringMatching(/^TOOL_SERVER_CONNECTIONS is no JSON/));
});

test("of two endpoints with one model the prefix tells which is asked", async () => {
  const one = await startChatWorld();
  const two = await startChatWorld({ model: { callsTools: false, hasToolParser: false } });
  const ids = { enable: true, model_ids: ["phi-4-mini-instruct"] };
  const urls = [one, two].map(({ env }) => env["OPENAI_API_BASE_URLS"]).join(";");
  const { url } = await startChatWorld({
    env: {
      OPENAI_API_BASE_URLS: urls,
      OPENAI_API_CONFIGS: JSON.stringify({ 0: ids, 1: { ...ids, prefix_id: "two" } }),
    },
  });
  expect((await askJson(url, QUESTION)).code).toBe(0);
  const other = await askJson(url, "--model", "two.phi-4-mini-instruct", QUESTION);
  expect(other.problems).toMatchObject([{ what: expect.stringContaining("tools can't be called") }]);
});

test("events come to who is signed in, in the order of the real ones, and to nobody else", async () => {
  const { url } = await startChatWorld();
  const token = await signedIn(url);
  await call(url, "POST", "/api/v1/auths/add", ann, token);
  const listen = async (of: string) => {
    const seen: string[] = [];
    const socket = io(url, { path: "/ws/socket.io", transports: [NativeWebSocket], auth: { token: of } });
    onTestFinished(() => void socket.disconnect());
    socket.on("events", ({ data }) => {
      const type = data.data?.type ?? data.type;
      if (seen.at(-1) !== type) seen.push(type);
    });
    await new Promise((resolve) => socket.once("connect", () => resolve(undefined)));
    return seen;
  };
  const mine = await listen(token);
  const hers = await listen(await signedIn(url, ann));
  const none = await listen("no-token");
  await askJson(url, QUESTION);
  await vi.waitFor(() => expect(mine.at(-1)).toBe("chat:active"));
  expect(mine).toEqual([
    "response.output_item.done",
    "response.output_text.delta",
    "chat:completion",
    "chat:active",
  ]);
  expect([hers, none]).toEqual([[], []]);
});

test("what it doesn't do it says", async () => {
  const { url } = await startChatWorld();
  const token = await signedIn(url);
  const body = { model: "phi-4-mini-instruct", messages: [{ role: "user", content: "hi" }] };
  expect((await call(url, "POST", "/api/chat/completions", body, token)).status).toBe(501);
  expect((await call(url, "GET", "/api/v1/notes", undefined, token)).status).toBe(404);
});

test("a model that calls tools without end is stopped, and the answer says so", async () => {
  const { url } = await startChatWorld({ env: { CHAT_RESPONSE_MAX_TOOL_CALL_ITERATIONS: "0" } });
  const token = await signedIn(url);
  const user = { id: "q", role: "user", content: QUESTION };
  const body = {
    ...{
      model: "phi-4-mini-instruct",
      messages: [user],
      parent_id: null,
      user_message: user,
      session_id: "s",
    },
    ...{ message_ids: [{ message_id: "a" }], tool_ids: ["server:mcp:open-websearch"] },
  };
  const { answer } = await call(url, "POST", "/api/chat/completions", body, token);
  const { chat_id: id } = answer as unknown as { chat_id: string };
  await vi.waitFor(async () => {
    const chat = JSON.stringify((await call(url, "GET", `/api/v1/chats/${id}`, undefined, token)).answer);
    expect(chat).toContain("Tool-call limit reached (0 iterations).");
  });
});
