import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OPEN_WEBUI_IMAGE } from "../../components/chatApp/pod.ts";
import { Database, Scope, startRedis } from "../../test/chatState/support/database.ts";
import { missing } from "../../test/chatState/support/programs.ts";
import { chatPods, type Replica } from "../../test/chatState/support/replicas.ts";
import { descendantsOf } from "./family.ts";
import { atRest, observe } from "./observe.ts";
import { loadSeconds, type Measurement } from "./subject.ts";

/** Questions a second: of 20 people who each ask one in 20 seconds, and read meanwhile. */
const questions = 1;
/** What an answer has, and how fast a model says it. */
const [tokens, tokensPerSecond] = [200, 50];

/** The real Open WebUI, by the pod's specification, on PostgreSQL and Valkey, asked by people. */
export async function chatApp(folder: string): Promise<Record<string, Measurement>> {
  const absent = missing("bwrap", "nsenter", "postgres", "valkey", "openWebUi");
  if (absent) {
    console.error(`Open WebUI is ${absent}`);
    return {};
  }
  const scope = new Scope();
  try {
    const model = await startModel(scope);
    const database = await Database.of(join(folder, "chat-database"));
    await database.start(scope);
    const redis = await startRedis(scope, join(folder, "chat-redis"));
    const { pods, account } = await chatPods(scope, join(folder, "chat"), {
      ...{ replicas: 2, database: { url: database.url() }, redis: { url: redis.url } },
      models: [{ name: "model", url: model }],
    });
    const [app] = pods;
    await app.migrate();
    const before = descendantsOf([process.pid]);
    await app.start();
    const others = new Set(before);
    const own = descendantsOf([process.pid]).filter((pid) => !others.has(pid));
    const family = () =>
      [...own, ...descendantsOf(own)].filter((pid, index, all) => all.indexOf(pid) === index);
    const rest = await atRest(family);
    const signedIn = await app.call("/api/v1/auths/signin", { body: account });
    const { token } = (await signedIn.json()) as { token: string };
    // The first question loads what later ones find.
    await ask(app, token);
    const load = await observe(family, () => people(app, token));
    return {
      "open-webui": {
        version: OPEN_WEBUI_IMAGE,
        load: `${questions} question a second, ${tokens} tokens each as a stream of ${tokensPerSecond} a second`,
        atRest: rest,
        underLoad: load,
      },
    };
  } finally {
    await scope.end();
  }
}

async function people(app: Replica, token: string): Promise<void> {
  const asked: Promise<void>[] = [];
  for (let turn = 0; turn < questions * loadSeconds; turn += 1) {
    asked.push(ask(app, token));
    await sleep(1000 / questions);
  }
  await Promise.all(asked);
}

async function ask(app: Replica, token: string): Promise<void> {
  const page = async (path: string) => {
    const answer = await app.call(path, { token });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return text;
  };
  await Promise.all([page("/api/config"), page("/api/v1/chats/?page=1")]);
  const { data } = JSON.parse(await page("/api/models")) as { data: { id: string }[] };
  const messages = [{ role: "user", content: "What are the latest features in AKS?" }];
  const body = { model: data[0]?.id, messages, stream: true };
  const answer = await app.call("/api/chat/completions", { token, body });
  const text = await answer.text();
  if (!text.includes("[DONE]")) throw new Error(`no whole answer (${answer.status}): ${text.slice(0, 300)}`);
}

/** An endpoint with OpenAI's API whose model says one word again and again. */
async function startModel(scope: Scope): Promise<string> {
  const server = createServer(async (request, response) => {
    if (request.url?.endsWith("/models")) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ object: "list", data: [{ id: "model", object: "model", owned_by: "me" }] }),
      );
      return;
    }
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let token = 0; token < tokens; token += 1) {
      const choices = [{ index: 0, delta: { content: "word " }, finish_reason: null }];
      const chunk = { id: "1", object: "chat.completion.chunk", created: 1, model: "model", choices };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      await sleep(1000 / tokensPerSecond);
    }
    response.end("data: [DONE]\n\n");
  }).listen(0, ownAddress());
  await once(server, "listening");
  scope.add(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { address, port } = server.address() as AddressInfo;
  return `http://${address}:${port}/v1`;
}

/** The component refuses loopback addresses, which would be the pod's own. */
function ownAddress(): string {
  const found = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === "IPv4" && !each.internal);
  if (found === undefined) throw new Error("this machine has no address but 127.0.0.1");
  return found.address;
}
