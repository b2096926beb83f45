import { parse } from "yaml";

/** A document with its YAML front matter taken off. */
export interface SplitDocument {
  /** What the front matter says; empty without one, or when it can't be read. */
  metadata: Record<string, unknown>;
  /** The Markdown after it. Its first line is blank: another front matter would be one for `ie`, and unseen here. */
  body: string;
  /** Why the front matter can't be read. */
  problem?: string;
}

const separator = /^[ \t]*-+[ \t]*$/;

/**
 * Splits the front matter off as goldmark-meta does, which `ie` uses: it begins on the first line and ends at
 * the next one of nothing but dashes, or else with the document.
 */
export function splitFrontMatter(source: string): SplitDocument {
  const lines = source.split("\n");
  if (!separator.test(lines[0] ?? "")) return { metadata: {}, body: `\n${source}` };
  const end = lines.findIndex((line, index) => index > 0 && separator.test(line));
  const yaml = lines.slice(1, end === -1 ? undefined : end).join("\n");
  const body = end === -1 ? "" : `\n${lines.slice(end + 1).join("\n")}`;
  if (end === -1) return { metadata: {}, body, problem: "the front matter has no end" };
  try {
    // Few aliases, so that a short text can't ask for a long answer.
    const metadata: unknown = parse(yaml, { maxAliasCount: 20 }) ?? {};
    if (typeof metadata === "object" && !Array.isArray(metadata)) {
      return { metadata: JSON.parse(JSON.stringify(metadata)), body };
    }
    return { metadata: {}, body, problem: "the front matter is not a YAML mapping" };
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { metadata: {}, body, problem: `the front matter is not YAML: ${line}` };
  }
}
