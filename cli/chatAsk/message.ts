import { z } from "zod";

const text = z.looseObject({ type: z.string(), text: z.string().optional() });

/**
 * A message as Open WebUI stores it: the answer's text, and in `output` what happened on the way, in the shape
 * of OpenAI's Responses API. Source: utils/middleware.py of 0.12.4.
 */
export const message = z.looseObject({
  role: z.string().optional(),
  content: z.string().nullish(),
  done: z.boolean().nullish(),
  error: z
    .union([z.looseObject({ content: z.unknown() }), z.string(), z.boolean()])
    .nullish()
    .catch(true),
  output: z
    .array(
      z.looseObject({
        type: z.string(),
        call_id: z.string().optional(),
        name: z.string().optional(),
        arguments: z.string().optional(),
        status: z.string().optional(),
        output: z.array(text).optional(),
      }),
    )
    .nullish(),
  sources: z
    .array(
      z.looseObject({
        metadata: z
          .array(z.looseObject({ url: z.string().optional(), name: z.string().optional() }))
          .optional(),
      }),
    )
    .nullish(),
  statusHistory: z
    .array(z.looseObject({ action: z.string().optional(), description: z.string().optional() }))
    .nullish(),
});

/** A message as it is stored. */
export type StoredMessage = z.infer<typeof message>;

/** A tool that the model called. */
export interface ToolCall {
  id: string;
  /** As the model was offered it: the server's name, "_", and the tool's own. */
  tool: string;
  arguments: unknown;
  /** "skipped" is a call that the model asked for, and that was never made. */
  status: "completed" | "failed" | "in_progress" | "skipped";
  /** What the tool, or the guard before it, answered instead of a result. */
  error?: string;
  /** How long it took, if it was watched. */
  seconds?: number;
}

/** The tool calls of a message, in the order in which they were made. */
export function callsOf({ output }: StoredMessage): ToolCall[] {
  return (output ?? [])
    .filter(({ type }) => type === "function_call")
    .map(({ call_id: id = "", name: tool = "", arguments: given = "", status = "" }) => {
      const result = resultOf({ output }, id);
      const failed = status === "failed";
      // At its limit of calls Open WebUI has those marked as completed that it doesn't make any more.
      const made = (output ?? []).some((item) => item.type === "function_call_output" && item.call_id === id);
      return {
        id,
        tool,
        arguments: parsed(given),
        status: failed || status === "in_progress" ? status : made ? "completed" : "skipped",
        ...(failed && { error: errorOf(result) }),
      };
    });
}

/** What a call came back with, as text; empty without a result. */
export function resultOf({ output }: Pick<StoredMessage, "output">, callId: string): string {
  const result = (output ?? []).find(
    ({ type, call_id }) => type === "function_call_output" && call_id === callId,
  );
  return (result?.output ?? []).map((part) => part.text ?? "").join("\n");
}

/** Why there is no answer; undefined when there is nothing to say. */
export function failureOf({ error }: StoredMessage): string | undefined {
  if (error === undefined || error === null || error === false) return undefined;
  if (typeof error === "string") return error;
  const content = error === true ? undefined : error.content;
  return typeof content === "string" && content !== "" ? content : "it doesn't say why";
}

/** The MCP servers that the chat app had no connection to. Source: process_chat_payload in utils/middleware.py. */
export function unreachedOf({ statusHistory }: StoredMessage): string[] {
  return (statusHistory ?? [])
    .filter(({ action }) => action === "tool_connection")
    .map(({ description = "" }) => /'([^']*)'$/.exec(description)?.[1] ?? description);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function errorOf(result: string): string {
  const whole = parsed(result) as { error?: unknown } | undefined;
  return typeof whole?.error === "string" ? whole.error : result.replace(/^Error: /, "");
}
