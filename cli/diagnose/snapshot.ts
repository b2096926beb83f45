import { chmod, readFile, writeFile } from "node:fs/promises";
import { exitCodes, UserError } from "../userError.ts";
import { type KindKey, type Kinds, kindKeys } from "./kinds.ts";
import type { Refusal } from "./reader.ts";

/** What came of listing one kind. */
export interface Listing<T> {
  items: T[];
  /**
   * "read": all of it. "partial": only of `namespaces`. "absent": the API doesn't know the kind, so there is none.
   * With anything else nothing is known, and nothing may be concluded.
   */
  state: "read" | "partial" | Refusal;
  namespaces?: string[];
  /** Why not all was read. */
  message?: string;
}

/** What is known of a Secret. Its data is never asked for. */
export interface SecretFacts {
  state: "there" | "missing" | "unknown";
  type?: string;
  /** Names of its keys, when the API server has noted who set them. */
  keys?: string[];
  message?: string;
}

/** The end of a container's log. */
export interface LogTail {
  namespace: string;
  pod: string;
  container: string;
  /** Of the run before this one. */
  previous: boolean;
  lines: string[];
  /** Why there is none. */
  message?: string;
}

/** How an MCP server answers `initialize` and `tools/list`, asked in one of its pods. */
export interface McpAnswer {
  /**
   * "answers": as it should. "closed": it answers, but wants other credentials. "wrong": not as an MCP server.
   * "unknown": it couldn't be asked, which says nothing about its clients.
   */
  state: "answers" | "closed" | "wrong" | "unknown";
  /** How many tools it lists. */
  tools?: number;
  /** What was answered instead, or why it couldn't be asked. */
  message?: string;
  /** Whether the user may not ask it. */
  forbidden?: boolean;
}

/** A cluster at one moment, as far as it was allowed to be read: plain data, without any secret. */
export interface Snapshot {
  version: 1;
  /** By the API server's clock. */
  takenAt: string;
  server: string;
  context?: string;
  lists: { [K in KindKey]: Listing<Kinds[K]> };
  /** By "namespace/name". */
  secrets: Record<string, SecretFacts>;
  /** The text that the cluster autoscaler writes about itself; null when there is none, undefined when unknown. */
  autoscalerStatus?: string | null;
  logs: LogTail[];
  /** Of MCP servers that are ready, by "namespace/name"; absent in files of before. */
  mcpAnswers?: Record<string, McpAnswer>;
  /** Why guards of MCP servers aren't ready, by their own words and "namespace/pod"; absent in files of before. */
  guardReasons?: Record<string, string>;
}

export async function saveSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(snapshot)}\n`, { mode: 0o600 });
    // The mode above is only for a new file.
    await chmod(file, 0o600);
  } catch (error) {
    throw new UserError(`can't save to ${file}: ${(error as Error).message}`, exitCodes.usage);
  }
}

/** What `saveSnapshot` wrote; a kind that it didn't know yet is one that wasn't read. */
export async function readSnapshot(file: string): Promise<Snapshot> {
  let saved: Partial<Snapshot> | null;
  try {
    saved = JSON.parse(await readFile(file, "utf8")) as Partial<Snapshot> | null;
  } catch (error) {
    throw new UserError(`can't read --from ${file}: ${(error as Error).message}`, exitCodes.usage);
  }
  if (saved?.version !== 1 || saved.lists === undefined) {
    throw new UserError(`--from ${file} was not made by \`diagnose --save\``, exitCodes.usage);
  }
  const unread = { items: [], state: "failed", message: `not in ${file}` };
  const lists = Object.fromEntries(kindKeys.map((kind) => [kind, saved.lists?.[kind] ?? unread]));
  return { ...(saved as Snapshot), lists: lists as Record<KindKey, unknown> as Snapshot["lists"] };
}
