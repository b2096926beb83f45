import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { RequestOptions } from "@modelcontextprotocol/sdk/shared/protocol.js";
import {
  type CallToolResult,
  LoggingMessageNotificationSchema,
  type Tool,
} from "@modelcontextprotocol/sdk/types.js";
import { distance } from "fastest-levenshtein";
import { progressOn } from "../progress.ts";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";
import { asJson } from "./json.ts";
import { allTools } from "./lists.ts";
import { checkFit, fromPairs, type Parameters, type Typed } from "./parameters.ts";
import { contentText, progressText, visibleLines } from "./print.ts";

/** A call as it was typed. */
export interface Called extends Typed {
  tool: string;
}

interface Asked extends Called {
  parameters?: Parameters;
  json?: boolean;
  /** Cancels the call. */
  signal: AbortSignal;
}

/** Calls a tool and prints what it answers; false when it reports an error. */
export async function call(
  client: Client,
  { tool: name, pairs, parameters, json, signal }: Asked,
  options: RequestOptions,
): Promise<boolean> {
  const tool = named(await allTools(client, options), name);
  const given = parameters ?? fromPairs(pairs, tool.inputSchema);
  checkFit(tool, given);
  const result = await watched(client, (onprogress) =>
    client.callTool({ name, arguments: given }, undefined, { ...options, signal, onprogress }),
  );
  const printed = json ? asJson(result) : contentText(result as CallToolResult);
  if (printed !== "") console.log(printed);
  if (result.isError) console.error(`error: ${visible(name)} reports an error`);
  return !result.isError;
}

/** Shows progress and log messages on stderr while a call runs. */
async function watched<T>(
  client: Client,
  work: (onprogress: NonNullable<RequestOptions["onprogress"]>) => Promise<T>,
): Promise<T> {
  const { stderr } = process;
  // Mere numbers stay in one line where somebody looks on; whatever has words, and logs, keep every line.
  const bar = progressOn(stderr, process.env);
  const write = (line: string) => {
    bar.end();
    stderr.write(`${line}\n`);
  };
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params: { level, data } }) => {
    write(`${level}: ${visibleLines(typeof data === "string" ? data : JSON.stringify(data))}`);
  });
  try {
    return await work((progress) => {
      const text = progressText(progress);
      if (stderr.isTTY && progress.message === undefined) bar.show(() => `progress ${text}`);
      else write(`progress ${text}`);
    });
  } finally {
    bar.end();
  }
}

function named(tools: readonly Tool[], name: string): Tool {
  const tool = tools.find((each) => each.name === name);
  if (tool) return tool;
  const names = tools.map((each) => each.name).sort((a, b) => distance(a, name) - distance(b, name));
  const nearest = names.slice(0, 3).map(visible).join(" or ");
  throw new UserError(
    `there is no tool ${visible(name)}; ${nearest ? `did you mean ${nearest}?` : "the server has none"}`,
    exitCodes.usage,
  );
}
