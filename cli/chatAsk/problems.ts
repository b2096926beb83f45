import { visible } from "../visible.ts";
import type { ChatApi } from "./api.ts";
import type { Answered } from "./conversation.ts";
import { failureOf, unreachedOf } from "./message.ts";

/** A link of the chain that is broken. */
export interface Problem {
  link: "model" | "tools";
  /** What is broken, in a sentence. */
  what: string;
  /** What to do next. */
  remedy: string;
}

/** What the tools of an MCP server are called by Open WebUI, before the server's name. */
const mcp = "server:mcp:";

/**
 * The links that turned out to be broken on the way to an answer, those that explain others first.
 *
 * @param tools ids of the tools that the question was asked with
 */
export function problemsOf(
  { message, calls }: Pick<Answered, "message" | "calls">,
  model: string,
  tools: readonly string[] = [],
): Problem[] {
  const failure = failureOf(message);
  const unreached = [...new Set(unreachedOf(message))].map(unreachable);
  // What a model tries again, with other arguments, and gets, was no broken link.
  const refused = calls.filter(
    (call, i) =>
      call.status === "failed" &&
      !calls.slice(i + 1).some(({ tool, status }) => tool === call.tool && status === "completed"),
  );
  const nothing = failure === undefined && !message.content?.trim();
  return [
    ...(failure === undefined ? [] : [modelProblem(model, failure)]),
    ...unreached,
    ...refused.map(({ tool, error = "" }) => refusal(tool, error)),
    ...written(model, message.content ?? "", tools),
    ...(nothing ? [empty(model)] : []),
  ];
}

/**
 * Why no tool was called although some were switched on: administrators can look. That a model calls none of the
 * tools that it has is its own decision, and no problem.
 *
 * @param tools ids of the tools that the question was asked with
 */
export async function unusedTools(
  api: ChatApi,
  tools: readonly string[],
): Promise<{ problems: Problem[]; offered: string[] }> {
  const servers = tools.filter((id) => id.startsWith(mcp)).map((id) => id.slice(mcp.length));
  const found = await Promise.all(
    servers.map(async (server) => ({ server, has: await api.toolsOf(server) })),
  );
  return {
    problems: found.flatMap(({ server, has }) =>
      has === undefined ? [unreachable(server)] : has.length === 0 ? [closed(server)] : [],
    ),
    offered: found.flatMap(({ server, has = [] }) => has.map((tool) => `${server}_${tool}`)),
  };
}

function modelProblem(model: string, failure: string): Problem {
  const name = visible(model);
  // Source: routers/openai.py of Open WebUI 0.12.4, which says the same of a model that is down and of one that is slow.
  if (/Server Connection Error|^Model '.*' was not found$|^Model not found$/.test(failure)) {
    return {
      link: "model",
      what: `the chat app can't reach model ${name}, or has waited in vain for its answer`,
      remedy:
        "see whether it runs: npm run diagnose; if it does, it takes longer than chat.modelTimeoutSeconds",
    };
  }
  const said = visible(failure.trim().slice(0, 500));
  const [what, remedy] =
    modelFailures.find(({ is }) => is.test(failure))?.say ??
    (["no answer comes from", "see whether it is well: npm run diagnose"] as const);
  return { link: "model", what: `${what} model ${name}: ${said}`, remedy };
}

/** Words of Open WebUI's own (utils/middleware.py), of vLLM's and of OpenAI's, which it passes on. */
const modelFailures: { is: RegExp; say: readonly [what: string, remedy: string] }[] = [
  {
    is: /^Tool-call limit reached/,
    say: [
      "too many calls of tools are wanted by",
      "ask for less, take a model that comes to an end, or raise chat.toolRounds",
    ],
  },
  {
    is: /context length|input tokens/i,
    say: [
      "the question with what the tools found is too long for",
      "ask for less, offer fewer tools, or give the model a longer context",
    ],
  },
  {
    is: /tool.choice|tool.call.parser/i,
    say: [
      "tools can't be called by",
      "take a model that has a parser for tool calls (docs/kaito.md), or --no-tools",
    ],
  },
  {
    is: /\bunauthorized\b|\bauthentication\b|\bapi[ _-]?key\b|\b(status|code|error|HTTP)\b\W{0,3}40[13]\b|^40[13]\b/i,
    say: ["the key is refused by", "correct the API key of this model in the chat app's settings"],
  },
];

function unreachable(server: string): Problem {
  const name = visible(server);
  return {
    link: "tools",
    what: `the chat app has no connection to MCP server ${name}: it is away, too slow, or refuses the chat app's token`,
    remedy: `see which: npm run diagnose -- mcpserver/${name}; an answer was given without its tools`,
  };
}

function closed(server: string): Problem {
  const name = visible(server);
  return {
    link: "tools",
    what: `MCP server ${name} lets the chat app call none of its tools`,
    remedy: "its guard's rules say which roles may call what: give the chat app one of them (chat.roles)",
  };
}

function refusal(tool: string, error: string): Problem {
  const said = visible(error.trim().replace(/\s+/g, " ").slice(0, 500));
  const remedy =
    toolFailures.find(({ is }) => is.test(error))?.remedy ??
    "see why: the guard's audit has a line of this call";
  return { link: "tools", what: `tool ${visible(tool)} failed: ${said || "it doesn't say why"}`, remedy };
}

/** Sentences of the guard's (servers/guard/calls), which a tool hardly says itself, and the chat app's own limit. */
const toolFailures: { is: RegExp; remedy: string }[] = [
  {
    is: /\bToo many calls: |\bbudget is used up\b/,
    remedy: "a limit of its guard is used up: wait, or raise it",
  },
  {
    is: /\btook longer than\b|\btimed[ -]?out\b|\bdeadline\b/i,
    remedy: "it takes longer than its guard or the chat app allows: see why, or raise the limit",
  },
  {
    is: /\bYou may not call the tool\b|\bnot allowed; allowed are\b/,
    remedy: "its guard's rules don't allow it: change the rules or the chat app's roles, if they should",
  },
];

/** What models write in place of a call, when the server's parser or the chat template doesn't suit them. */
const writtenCall =
  /^\s*(```(json)?\s*)?(<\|?\/?(tool_call|python_tag|function)|\[TOOL_CALLS\]|functools\s*\[|\[?\s*\{\s*"(name|type|function|tool)")|<tool_call>|<function=/;

/** A call of one of the tools that stands in the answer as text, and that nobody has made. */
function written(model: string, text: string, ids: readonly string[]): Problem[] {
  if (!writtenCall.test(text)) return [];
  const words = text.match(/[\w.-]+/g) ?? [];
  // Those of an MCP server begin with its name, that of a RAG engine ends with it.
  const names = ids.map((id) => id.split(":").at(-1) ?? id);
  const tool = words.find((word) => names.some((n) => word.startsWith(`${n}_`) || word.endsWith(`_${n}`)));
  if (tool === undefined) return [];
  return [
    {
      link: "model",
      what: `model ${visible(model)} writes a call of ${visible(tool)} as text, which nobody makes`,
      remedy:
        "the parser for its tool calls or its chat template doesn't suit it: set config.toolCallParser (docs/kaito.md)",
    },
  ];
}

function empty(model: string): Problem {
  return {
    link: "model",
    what: `model ${visible(model)} answered nothing`,
    remedy: "ask again; if it is always so, look at the model's log: kubectl -n models logs",
  };
}
