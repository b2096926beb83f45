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
  const byKey = new Map([...found.keys()].map((url) => [keyOf(url), url]));
  const results = callsOf(message).map(({ id }) => resultOf(message, id));
  const cited = addressesIn(message.content ?? "", [...found.keys()]).map(
    (url) => byKey.get(keyOf(url)) ?? url,
  );
  return [...new Set([...cited, ...found.keys()])].map((url) => ({
    url,
    ...(found.get(url) && { title: found.get(url) as string }),
    cited: cited.includes(url),
    // Also within a page that a tool has read.
    found: found.has(url) || results.some((text) => text.includes(url)),
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
    if (url && URL.canParse(url)) found.set(url, name ?? "");
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

/** The same for addresses of the same page. */
function keyOf(url: string): string {
  return new URL(url).href.replace(/\/$/, "");
}

/** Punctuation that may stand behind an address, and be part of one. */
const behind = String.raw`[)\].,;:!?*_~|}]`;

/** What follows an address that is known: nothing, or what is no more of it. */
const ended = new RegExp(String.raw`^($|${behind}+(?![\w/])|[^\x21-\x7e])`);

/**
 * The addresses in a text, without the punctuation that follows them: of Chinese, Japanese and Korean any, of others
 * what ends a sentence, and a bracket that wasn't opened within.
 *
 * @param known addresses that are looked for first, however they end
 */
function addressesIn(text: string, known: readonly string[] = []): string[] {
  const all = new Set<string>();
  const start = /https?:\/\/[^\s\\<>"'`\]}\u3000-\u303f\uff00-\uff65]+/g;
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    const [rest] = match;
    const fitting = known.filter((url) => rest.startsWith(url) && ended.test(rest.slice(url.length)));
    const longest = fitting.sort((a, b) => b.length - a.length)[0];
    const url = longest ?? balanced(rest).replace(/[.,;:!?*_]+$/, "");
    if (URL.canParse(url)) all.add(url);
    // Another one may follow a bracket.
    start.lastIndex = match.index + Math.max(url.length, "http://".length);
  }
  return [...all];
}

/** A text up to the first bracket that closes none. */
function balanced(text: string): string {
  let open = 0;
  for (const [i, letter] of [...text].entries()) {
    if (letter === "(") open += 1;
    if (letter === ")" && --open < 0) return [...text].slice(0, i).join("");
  }
  return text;
}
