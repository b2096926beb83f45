import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as the server got it. */
export interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: {
    model: string;
    messages: { role: string; content: string }[];
    stream_options?: { include_usage: boolean };
    [key: string]: unknown;
  };
}

/** Answers a question; the last message is what is asked. */
export type Behaviour = (asked: Asked, response: ServerResponse) => void | Promise<void>;

export interface Served {
  url: string;
  asked: Asked[];
  close: () => Promise<void>;
}

/** Serves models as vLLM does: the list of them, and chats by a behaviour. */
export async function serve(
  models: readonly (string | { id: string; parent: string })[],
  behaviour: Behaviour,
  list?: (asked: Asked, response: ServerResponse) => void,
): Promise<Served> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const { method = "", url: path = "", headers } = request;
    const one = { method, path, headers, body: text === "" ? {} : JSON.parse(text) } as Asked;
    asked.push(one);
    if (path === "/v1/chat/completions") return behaviour(one, response);
    if (path !== "/v1/models") return refuse(response, 404, "Not Found");
    if (list) return list(one, response);
    const data = models.map((model) => ({
      object: "model",
      created: 1_764_000_000,
      owned_by: "vllm",
      parent: null,
      ...(typeof model === "string" ? { id: model } : model),
    }));
    sendJson(response, 200, { object: "list", data });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Streams an answer in pieces, then why it ended, then the usage if it was asked for, then the end. */
export function answer(
  { body }: Asked,
  response: ServerResponse,
  pieces: string[],
  options: { usage?: number | null; finish?: string | null; key?: string; done?: boolean } = {},
): void {
  const { usage = pieces.length, finish = "stop", key = "content", done = true } = options;
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  const chunk = (value: object) => {
    const frame = {
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1,
      model: body.model,
      ...value,
    };
    response.write(`data: ${JSON.stringify(frame)}\n\n`);
  };
  const choice = (delta: object, finish_reason: string | null = null) => ({
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  });
  chunk(choice({ role: "assistant", content: "" }));
  for (const piece of pieces) chunk(choice({ [key]: piece }));
  if (finish !== null) chunk(choice({ content: "" }, finish));
  if (usage !== null && body.stream_options?.include_usage) {
    chunk({ choices: [], usage: { prompt_tokens: 9, completion_tokens: usage, total_tokens: 9 + usage } });
  }
  if (done) response.end("data: [DONE]\n\n");
}

/** Refuses a request with an error as OpenAI's API has it. The SDK need not wait before it tries again. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: "Error", param: null, code: status } });
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "retry-after-ms": "1" });
  response.end(JSON.stringify(value));
}

/** What is asked: the content of the last message. */
export function question({ body }: Asked): string {
  return body.messages.at(-1)?.content ?? "";
}
