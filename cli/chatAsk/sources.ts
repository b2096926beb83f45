import { callsOf, resultOf, type StoredMessage } from "./message.ts";

/** A page that an answer rests on. */
export interface Source {
  url: string;
  title?: string;
  /** Whether the answer names it. */
  cited: boolean;
  /** Whether a tool has found it. One that is cited and that no tool has found may be made up. */
  found: boolean;
}

/**
 * The pages that an answer names or its tools have found. Open WebUI knows sources only of its own tools, and MCP
 * has no place for them: they are the addresses in the answer's text and in the tools' results.
 */
export function sourcesOf(message: StoredMessage): Source[] {
  const found = foundBy(message);
  const cited = new Set(addressesIn(message.content ?? ""));
  return [...new Set([...cited, ...found.keys()])].map((url) => ({
    url,
    ...(found.get(url) && { title: found.get(url) as string }),
    cited: cited.has(url),
    found: found.has(url),
  }));
}

/** What tools have found: title by address; empty for one that has none. */
function foundBy(message: StoredMessage): Map<string, string> {
  const found = new Map<string, string>();
  for (const { id, arguments: given } of callsOf(message)) {
    // A tool that fetches a page has its address from the model.
    collect(given, found);
    const text = resultOf(message, id);
    try {
      collect(JSON.parse(text), found);
    } catch {
      for (const url of addressesIn(text)) found.set(url, found.get(url) ?? "");
    }
  }
  for (const { url, name } of (message.sources ?? []).flatMap(({ metadata }) => metadata ?? [])) {
    if (url) found.set(url, name ?? "");
  }
  return found;
}

/** Takes addresses out of a result of any form: a member `url`, and the `title` beside it. */
function collect(value: unknown, found: Map<string, string>): void {
  if (typeof value !== "object" || value === null) return;
  const { url, title } = value as Record<string, unknown>;
  if (typeof url === "string" && URL.canParse(url)) {
    found.set(url, typeof title === "string" ? title : (found.get(url) ?? ""));
  }
  for (const member of Object.values(value)) collect(member, found);
}

/** The addresses in a text, without the punctuation that follows them. */
function addressesIn(text: string): string[] {
  const all = text.match(/https?:\/\/[^\s\\<>"'`\])}]+/g) ?? [];
  return [...new Set(all.map((url) => url.replace(/[.,;:!?*_]+$/, "")).filter((url) => URL.canParse(url)))];
}
