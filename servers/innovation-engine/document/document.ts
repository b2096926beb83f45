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
  /** Links to `.md` files under the heading `## Prerequisites`, which `ie` executes first. */
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
  // ie would hand the carriage returns of a file from Windows to bash.
  const { metadata, body, problem } = splitFrontMatter(source.replaceAll("\r\n", "\n"));
  const parts = partsOf(body);
  const { blocks, problems } = blocksOf(parts);
  const headings = parts.filter((part) => part.kind === "heading");
  const variables = [...exportedVariables(blocks), ...iniVariables(ini), ...commentVariables(parts)];
  return {
    title: headings.find(({ level, text }) => level === 1 && text !== "")?.text,
    metadata,
    summary: parts.find((part) => part.kind === "paragraph")?.text ?? "",
    headings: headings.map(({ text }) => text),
    prerequisites: prerequisitesOf(parts),
    blocks,
    variables: distinct(variables),
    body,
    problems: problem === undefined ? problems : [problem, ...problems],
  };
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
