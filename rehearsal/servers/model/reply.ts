import { type CompletionRequest, type Message, textOf } from "./request.ts";

/** What the model says: a text, or that it wants a tool called. */
export type Reply = { text: string } | { tool: string; arguments: Record<string, unknown> };

/** A search's result, in the form of Open-WebSearch. */
interface Found {
  title?: string;
  url?: string;
  description?: string;
}

/** Questions that can't be answered from what a model has learnt. */
const NEEDS_THE_WEB = /\b(latest|new|news|newest|current|recent|today|now|release[sd]?|features?)\b/i;

/**
 * Answers as a small model that calls tools does: it looks up what it can't know, once, and writes down what it has
 * found, with its sources. Nothing is made up: what it didn't find it says.
 */
export function replyTo({ messages, tools, tool_choice: choice }: CompletionRequest): Reply {
  const question = textOf(messages.findLast(({ role }) => role === "user") ?? { role: "user" });
  const last = messages.at(-1);
  if (last?.role === "tool") return { text: fromResult(last, question) };
  const search =
    choice === "none"
      ? undefined
      : tools?.find(
          ({ function: { name, parameters } }) =>
            /search$/i.test(name) && parameters?.properties?.["query"] !== undefined,
        );
  if (!NEEDS_THE_WEB.test(question)) return { text: `You said: ${question.slice(0, 200)}` };
  if (search) return { tool: search.function.name, arguments: { query: question.slice(0, 200) } };
  return {
    text: "I can't answer that: it needs a look at the web, and I have no tool to search it with.",
  };
}

function fromResult(message: Message, question: string): string {
  const text = textOf(message);
  const result = parsed(text) as { results?: Found[]; error?: unknown } | undefined;
  const found = (result?.results ?? []).filter(({ url }) => url).slice(0, 3);
  if (found.length > 0) {
    return [
      `This is what I have found about "${question.trim().replace(/[?.!]+$/, "")}":`,
      "",
      ...found.map(({ title, url, description }) => `- ${description ?? title} ([${title}](${url}))`),
    ].join("\n");
  }
  const reason = typeof result?.error === "string" ? result.error : /^error/i.test(text) ? text : undefined;
  return reason === undefined
    ? "I have searched the web and found nothing about it, so I can't answer that."
    : `I couldn't search the web, so I can't answer that. The search said: ${reason.slice(0, 300)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
