import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { type Counted, modelMetrics } from "./metrics.ts";
import type { ModelOptions } from "./options.ts";
import { type Reply, replyTo } from "./reply.ts";
import { type CompletionRequest, checkRequest, promptTokens, Refusal, tokensOf } from "./request.ts";

/** A server that listens. */
export interface Listening {
  url: URL;
  close(): Promise<void>;
}

/**
 * Serves a model as vLLM's OpenAI-compatible server does: /health, /v1/models and /v1/chat/completions, whole or
 * streamed, and /metrics. Source: vllm/entrypoints/openai of vLLM.
 *
 * @param port where to listen on loopback; 0 takes a free one.
 */
export async function serveModel(options: ModelOptions, port: number): Promise<Listening> {
  const metrics = modelMetrics(options.names[0] ?? "");
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const since = performance.now();
    response.on("finish", () =>
      metrics.answered(
        pathname,
        request.method ?? "",
        response.statusCode,
        (performance.now() - since) / 1000,
      ),
    );
    switch (`${request.method} ${pathname}`) {
      case "GET /health":
        return void response.writeHead(200).end();
      case "GET /metrics":
        return void response
          .writeHead(200, { "content-type": metrics.contentType })
          .end(await metrics.text());
      case "GET /v1/models":
        return send(response, 200, modelList(options));
      case "POST /v1/chat/completions":
        return complete(
          response,
          checkRequest(await json(request).catch(() => undefined), options),
          options,
          metrics.started,
        );
      default:
        return send(response, 404, { detail: "Not Found" });
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof Refusal) send(response, error.status, error.body);
      else response.destroy();
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function modelList({ names, maxModelLength }: ModelOptions): object {
  const created = Math.floor(Date.now() / 1000);
  const data = names.map((id) => ({
    ...{ id, object: "model", created, owned_by: "vllm", root: id, parent: null },
    max_model_len: maxModelLength,
  }));
  return { object: "list", data };
}

function complete(
  response: ServerResponse,
  request: CompletionRequest,
  { names }: ModelOptions,
  started: () => Counted,
): void {
  const counted = started();
  const reply = replyTo(request);
  const about = {
    id: `chatcmpl-${randomBytes(16).toString("hex")}`,
    created: Math.floor(Date.now() / 1000),
    model: request.model ?? names[0],
  };
  const [input, output] = [promptTokens(request), tokensOf(JSON.stringify(reply))];
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  counted.begun();
  response.on("finish", () => counted.ended({ input, output, reason: reasonOf(reply) }));
  if (!request.stream) {
    const choice = { index: 0, message: messageOf(reply), logprobs: null, finish_reason: reasonOf(reply) };
    send(response, 200, { ...about, object: "chat.completion", choices: [choice], usage });
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  const event = (choices: object[], more = {}) =>
    response.write(
      `data: ${JSON.stringify({ ...about, object: "chat.completion.chunk", choices, ...more })}\n\n`,
    );
  const delta = (part: object, finish: string | null = null) =>
    event([{ index: 0, delta: part, logprobs: null, finish_reason: finish }]);
  delta({ role: "assistant", content: "" });
  for (const part of deltasOf(reply)) delta(part);
  delta({}, reasonOf(reply));
  if (request.stream_options?.include_usage) event([], { usage });
  response.end("data: [DONE]\n\n");
}

function reasonOf(reply: Reply): string {
  return "tool" in reply ? "tool_calls" : "stop";
}

function messageOf(reply: Reply): object {
  if ("text" in reply) return { role: "assistant", content: reply.text, tool_calls: [] };
  const call = { name: reply.tool, arguments: JSON.stringify(reply.arguments) };
  return {
    role: "assistant",
    content: null,
    tool_calls: [{ id: callId(), type: "function", function: call }],
  };
}

/** A text word by word; a call by its name, and then its arguments in two parts. */
function deltasOf(reply: Reply): object[] {
  if ("text" in reply) return reply.text.split(/(?<=\s)/).map((content) => ({ content }));
  const given = JSON.stringify(reply.arguments);
  const middle = Math.ceil(given.length / 2);
  const name = { id: callId(), type: "function", index: 0, function: { name: reply.tool, arguments: "" } };
  const parts = [given.slice(0, middle), given.slice(middle)];
  return [name, ...parts.map((part) => ({ index: 0, function: { arguments: part } }))].map((call) => ({
    tool_calls: [call],
  }));
}

function callId(): string {
  return `chatcmpl-tool-${randomBytes(16).toString("hex")}`;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
