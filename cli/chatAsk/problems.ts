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

/** The links that turned out to be broken on the way to an answer, those that explain others first. */
export function problemsOf({ message, calls }: Answered, model: string): Problem[] {
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
  // Source: routers/openai.py of Open WebUI 0.12.4; the others are vLLM's, which it passes on.
  if (/Server Connection Error|^Model '.*' was not found$|^Model not found$/.test(failure)) {
    return {
      link: "model",
      what: `the chat app can't reach model ${name}`,
      remedy: "see whether it runs: npm run diagnose",
    };
  }
  const said = visible(failure.trim().slice(0, 500));
  const [what, remedy] = /context length|input tokens/i.test(failure)
    ? [
        "the question with what the tools found is too long for",
        "ask for less, offer fewer tools, or give the model a longer context",
      ]
    : /tool.choice|tool.call.parser/i.test(failure)
      ? [
          "tools can't be called by",
          "take a model that has a parser for tool calls (docs/kaito.md), or --no-tools",
        ]
      : /401|403|api.key|unauthorized/i.test(failure)
        ? ["the key is refused by", "correct the API key of this model in the chat app's settings"]
        : ["no answer comes from", "see whether it is well: npm run diagnose"];
  return { link: "model", what: `${what} model ${name}: ${said}`, remedy };
}

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
  const remedy = /too many calls|used up/i.test(error)
    ? "a limit of its guard is used up: wait, or raise it"
    : /time|deadline|took longer/i.test(error)
      ? "it takes longer than its guard or the chat app allows: see why, or raise the limit"
      : /not allowed|may not|denied|forbidden/i.test(error)
        ? "its guard's rules don't allow it: change the rules or the chat app's roles, if they should"
        : "see why: the guard's audit has a line of this call";
  return { link: "tools", what: `tool ${visible(tool)} failed: ${said || "it doesn't say why"}`, remedy };
}

function empty(model: string): Problem {
  return {
    link: "model",
    what: `model ${visible(model)} answered nothing`,
    remedy: "ask again; if it is always so, look at the model's log: kubectl -n models logs",
  };
}
