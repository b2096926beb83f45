import { randomBytes } from "node:crypto";
import type { ChatConfig } from "./config.ts";
import type { ChatEvent, ChatMessage, OutputItem } from "./message.ts";
import { askModel, type Model, type Turn } from "./models.ts";
import type { User } from "./store.ts";
import { connectionsFor, type OpenServer, openServer, toolIdOf } from "./tools.ts";

/** What a chat's answer is made of. */
export interface Answering {
  config: ChatConfig;
  user: User;
  model: Model;
  /** The messages before it, as the page sends them. */
  messages: { role: string; content: string }[];
  toolIds: readonly string[];
  /** The message that is filled. */
  answer: ChatMessage;
  emit: (event: ChatEvent) => void;
  /** Writes the message down. */
  save: () => void;
  /** Ends the work. */
  signal: AbortSignal;
}

/** A tool as the model is offered it. */
interface Offered {
  server: OpenServer;
  tool: string;
  spec: object;
}

/**
 * Fills a message: asks the model, calls the tools that it asks for, and goes on until it is content. Source:
 * process_chat_payload and process_chat_response in utils/middleware.py of 0.12.4, as recorded from its events.
 */
export async function makeAnswer(work: Answering): Promise<void> {
  const { answer, emit, save, config, model, signal } = work;
  const servers: OpenServer[] = [];
  try {
    servers.push(...(await openServers(work)));
    const offered = offeredBy(servers);
    const history: object[] = [...work.messages];
    for (let round = 0; ; round += 1) {
      const tools = [...offered.values()].map(({ spec }) => ({ type: "function", function: spec }));
      const turn = await askModel(
        model,
        { messages: history, ...(tools.length > 0 && { tools }) },
        (delta) => emit(completion({ type: "response.output_text.delta", delta })),
        AbortSignal.any([signal, AbortSignal.timeout(config.modelTimeoutMs)]),
      );
      if (turn.text !== "") say(answer, turn.text);
      if (turn.calls.length === 0) break;
      if (round >= config.toolRounds)
        throw new Error(`Tool-call limit reached (${config.toolRounds} iterations).`);
      history.push(...(await callTools(work, turn, offered)));
      save();
    }
    answer.done = true;
    save();
    emit({ type: "chat:completion", data: { done: true, content: answer.content, output: answer.output } });
  } catch (error) {
    if (signal.aborted) {
      answer.done = true;
      emit({ type: "chat:tasks:cancel", data: {} });
    } else {
      Object.assign(answer, { error: { content: (error as Error).message }, done: true });
      emit({ type: "chat:message:error", data: { error: answer.error, done: true } });
    }
    save();
  } finally {
    await Promise.allSettled(servers.map((server) => server.close()));
    emit({ type: "chat:active", data: { active: false } });
  }
}

/** Opens sessions with the MCP servers that are asked for; one that can't be had is told of, and left out. */
async function openServers({ config, user, toolIds, answer, emit }: Answering): Promise<OpenServer[]> {
  const servers: OpenServer[] = [];
  const allowed = connectionsFor(user, config).filter(({ type }) => type === "mcp");
  for (const connection of allowed.filter((each) => toolIds.includes(toolIdOf(each)))) {
    try {
      servers.push(await openServer(connection, config.toolTimeoutMs));
    } catch (error) {
      console.error(`Failed to connect to MCP server '${connection.info?.id}': ${error}`);
      const description = `Failed to connect to MCP server '${connection.info?.id}'`;
      const status = { action: "tool_connection", description, error: true, done: true };
      answer.statusHistory = [...(answer.statusHistory ?? []), status];
      emit({ type: "status", data: status });
    }
  }
  return servers;
}

function offeredBy(servers: readonly OpenServer[]): Map<string, Offered> {
  const all = servers.flatMap((server) =>
    server.tools.map(({ name: tool, description, inputSchema: parameters }): [string, Offered] => {
      const name = `${server.id}_${tool}`;
      return [name, { server, tool, spec: { name, description, parameters } }];
    }),
  );
  return new Map(all);
}

/** Calls what a model has asked for, and returns what it is told of it. */
async function callTools(work: Answering, turn: Turn, offered: Map<string, Offered>): Promise<object[]> {
  const { answer, emit } = work;
  answer.output ??= [];
  const results: object[] = [];
  const tool_calls = turn.calls.map(({ id, name, arguments: given }) => ({
    ...{ id, type: "function", function: { name, arguments: given } },
  }));
  for (const { id, name, arguments: given } of turn.calls) {
    const item: OutputItem = {
      type: "function_call",
      id,
      call_id: id,
      name,
      arguments: given,
      status: "completed",
    };
    answer.output.push(item);
    emit(completion({ type: "response.output_item.done", item }));
    const content = await result(offered.get(name), name, given);
    item.status = isError(content) ? "failed" : "completed";
    const output: OutputItem = {
      ...{ type: "function_call_output", id: `fco_${randomBytes(12).toString("hex")}`, call_id: id },
      ...{ output: [{ type: "input_text", text: content }], status: item.status },
    };
    answer.output.push(output);
    emit(completion({ type: "response.output_item.done", item }));
    emit(completion({ type: "response.output_item.done", item: output }));
    results.push({ role: "tool", tool_call_id: id, content });
  }
  return [{ role: "assistant", content: turn.text, tool_calls }, ...results];
}

async function result(offered: Offered | undefined, name: string, given: string): Promise<string> {
  if (!offered) return `Error: Tool "${name}" not found.`;
  try {
    return await offered.server.call(offered.tool, JSON.parse(given || "{}"));
  } catch {
    return "Error: Tool call arguments could not be parsed. The model generated malformed or incomplete JSON.";
  }
}

/** Source: _is_tool_result_error in utils/middleware.py. */
function isError(content: string): boolean {
  if (content.startsWith("Error:")) return true;
  try {
    return (JSON.parse(content) as { error?: unknown } | null)?.error !== undefined;
  } catch {
    return false;
  }
}

function say(answer: ChatMessage, text: string): void {
  answer.content += text;
  answer.output = [
    ...(answer.output ?? []),
    {
      ...{ type: "message", id: `msg_${randomBytes(12).toString("hex")}`, status: "completed" },
      ...{ role: "assistant", content: [{ type: "output_text", text }] },
    },
  ];
}

function completion(data: object): ChatEvent {
  return { type: "response:completion", data };
}
