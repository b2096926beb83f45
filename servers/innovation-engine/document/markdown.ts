import type { Definition, Nodes, Parents, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

/**
 * The parts of a Markdown document that `ie` looks at, in the order in which it meets them. `ie` walks the
 * tree of goldmark (internal/parsers/markdown.go at a602e83) and takes a node's lines as they are written, so
 * headings keep their markup.
 */
export type Part =
  | { kind: "heading"; level: number; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "html"; text: string }
  | { kind: "fence"; language: string; content: string }
  | { kind: "link"; url: string };

/**
 * Reads a document without its front matter. Emphasis is not looked for: nothing here depends on it, and it
 * takes time that grows with the square of the text.
 */
export function partsOf(source: string): Part[] {
  const root = fromMarkdown(source, { extensions: [{ disable: { null: ["attention"] } }] });
  return [...walk(root, undefined, { source, definitions: definitionsOf(root) })];
}

interface Context {
  source: string;
  /** Where reference links go, by their identifier. */
  definitions: Map<string, string>;
}

function* walk(node: Nodes, parent: Parents | undefined, context: Context): Generator<Part> {
  switch (node.type) {
    case "heading":
      yield { kind: "heading", level: node.depth, text: textOf(node, context.source) };
      break;
    case "paragraph": {
      // In a tight list, goldmark makes no paragraphs; and a table of GitHub's is none either.
      const text = textOf(node, context.source);
      if (!isTight(parent) && !isTable(text)) yield { kind: "paragraph", text };
      break;
    }
    case "html":
      if (parent !== undefined && !isInline(parent))
        yield { kind: "html", text: withoutClosureLine(node.value) };
      break;
    case "code":
      if (isFenced(node, context.source)) {
        yield {
          kind: "fence",
          language: node.lang ?? "",
          content: node.value === "" ? "" : `${node.value}\n`,
        };
      }
      break;
    case "link":
      // <https://example.com/a.md> is a link for CommonMark's tree, but not for goldmark's.
      if (charAt(node, context.source) !== "<") yield { kind: "link", url: node.url };
      break;
    case "linkReference": {
      const url = context.definitions.get(node.identifier);
      if (url !== undefined) yield { kind: "link", url };
    }
  }
  if ("children" in node) for (const child of node.children) yield* walk(child, node, context);
}

function definitionsOf(root: Root): Map<string, string> {
  const found: Definition[] = [];
  const collect = (node: Nodes): void => {
    if (node.type === "definition") found.push(node);
    if ("children" in node) node.children.forEach(collect);
  };
  collect(root);
  // The first one counts, so it goes in last.
  return new Map(found.reverse().map(({ identifier, url }) => [identifier, url]));
}

function charAt(node: Nodes, source: string): string | undefined {
  return source[node.position?.start.offset ?? -1];
}

function isFenced(node: Nodes, source: string): boolean {
  return ["`", "~"].includes(charAt(node, source) ?? "");
}

function isInline(parent: Parents): boolean {
  return !["root", "blockquote", "listItem"].includes(parent.type);
}

/** A list is tight when nothing in it is parted by a blank line. */
function isTight(parent: Parents | undefined): boolean {
  return parent?.type === "listItem" && parent.spread !== true;
}

function isTable(text: string): boolean {
  const [, second = ""] = text.split("\n");
  return /^[\s|:-]*-[\s|:-]*$/.test(second) && second.includes("|");
}

/** A node's content as it is written, without the marks of the list or the quote that it stands in. */
function textOf(node: Parents, source: string): string {
  const from = node.children[0]?.position?.start.offset;
  const to = node.children.at(-1)?.position?.end.offset;
  if (from === undefined || to === undefined) return "";
  return source.slice(from, to).replaceAll(/\n[ \t>]*/g, "\n");
}

/** goldmark keeps the line that ends a comment of several lines apart from the others. */
function withoutClosureLine(html: string): string {
  if (!html.startsWith("<!--") || html.slice(0, html.indexOf("\n")).includes("-->")) return html;
  return html.replace(/\n[^\n]*-->[^\n]*$/, "\n");
}
