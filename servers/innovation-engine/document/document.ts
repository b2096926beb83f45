import { type Block, blocksOf } from "./blocks.ts";
import { splitFrontMatter } from "./frontMatter.ts";
import { type Part, partsOf } from "./markdown.ts";
import { commentVariables, distinct, exportedVariables, iniVariables, type Variable } from "./variables.ts";

/** One document as it stands, without those that it refers to. */
export interface ParsedDocument {
  /** Its first heading of level 1; else undefined, and `ie` uses the file's name. */
  title?: string;
  /** What its YAML front matter says. */
  metadata: Record<string, unknown>;
  /** Its first paragraph. */
  summary: string;
  headings: string[];
  /** Links to `.md` files under the heading `## Prerequisites`, which `ie` executes first; and what may be one. */
  prerequisites: string[];
  blocks: Block[];
  variables: Variable[];
  /** The Markdown without front matter. */
  body: string;
  /** What its author should know. */
  problems: string[];
}

/** Reads a document, and the `.ini` file beside it if there is one. */
export function parseDocument(source: string, ini = ""): ParsedDocument {
  const { metadata, body, problem } = splitFrontMatter(plain(source));
  const parts = partsOf(body);
  const { blocks, problems } = blocksOf(parts);
  const headings = parts.filter((part) => part.kind === "heading");
  const variables = [...exportedVariables(blocks), ...iniVariables(ini), ...commentVariables(parts)];
  return {
    title: headings.find(({ level, text }) => level === 1 && text !== "")?.text,
    metadata,
    summary: parts.find((part) => part.kind === "paragraph")?.text ?? "",
    headings: headings.map(({ text }) => text),
    prerequisites: [...prerequisitesOf(parts), ...hiddenUrls(body, parts)],
    blocks,
    variables: distinct(variables),
    body,
    problems: problem === undefined ? problems : [problem, ...problems],
  };
}

/**
 * A source without what this parser and that of `ie` take for different things: goldmark ends lines at line feeds
 * alone, and knows no byte order mark. Where the two differ, `ie` would do what was not shown, and fetch
 * prerequisites that were not checked. And bash would take the carriage returns of a file from Windows for its own.
 */
function plain(source: string): string {
  return source.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
}

function prerequisitesOf(parts: readonly Part[]): string[] {
  const urls: string[] = [];
  let inside = false;
  for (const part of parts) {
    if (part.kind === "heading" && part.level === 2) inside = part.text === "Prerequisites";
    else if (part.kind === "link" && inside && part.url.endsWith(".md")) urls.push(part.url);
  }
  return urls;
}

/**
 * Links to Markdown files elsewhere that are written and were not read as links, in a document with prerequisites:
 * no two parsers agree on everything, and `ie` fetches what it takes for one. Source: ExtractPrerequisiteUrlsFromAst
 * in internal/parsers/markdown.go at a602e83.
 */
function hiddenUrls(body: string, parts: readonly Part[]): string[] {
  if (!body.includes("Prerequisites")) return [];
  const seen = parts.flatMap((part) => (part.kind === "link" ? part.url : []));
  return [...body.matchAll(/\]\s*[(:]\s*<?(https?:\/\/[^\n]*?\.md)/g)]
    .map(([, url = ""]) => url)
    .filter((url) => !seen.some((one) => one.startsWith(url)));
}
