import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Block, languages } from "../../servers/innovation-engine/document/blocks.ts";
import { type ParsedDocument, parseDocument } from "../../servers/innovation-engine/document/document.ts";
import { splitFrontMatter } from "../../servers/innovation-engine/document/frontMatter.ts";
import { partsOf } from "../../servers/innovation-engine/document/markdown.ts";
import { RehearsalError } from "../errors.ts";
import { repository } from "../workspace.ts";

/** The folder with the executable documents. */
export const tutorialsDir = join(repository, "docs", "tutorials");

/** What a document's front matter says of it; docs/template.md explains each key. */
export const metadataSchema = z.strictObject({
  /** What it is for, in a sentence. */
  purpose: z.string().regex(/^[A-Z].*\.$/s, "a sentence"),
  /** Its place in the whole run. */
  order: z.number().int().positive(),
  /** Documents whose result it builds on. */
  needs: z.array(z.string()),
  /** What people type to get there. */
  entry: z.array(z.string()).nonempty(),
  /** How long it takes on Azure, waiting included. */
  minutes: z.number().positive(),
  /** What it adds to the bill by the hour while what it makes is up. */
  usdPerHour: z.number().nonnegative(),
  /** What the figure has in it. */
  cost: z.string().min(1),
});
export type Metadata = z.output<typeof metadataSchema>;

/** A block of commands, and where it stands. */
export interface TutorialBlock extends Block {
  /** The heading of level 2 above it. */
  section: string;
  /** Why it is for the cloud alone; undefined: it runs everywhere. */
  cloudOnly?: string;
  /** The line of its fence, from 1. */
  line: number;
}

/** An executable document. */
export interface Tutorial {
  /** The file's name without `.md`. */
  name: string;
  path: string;
  source: string;
  title: string;
  metadata: Metadata;
  document: ParsedDocument;
  blocks: TutorialBlock[];
}

const cloudOnlyMark = /^<!--\s*cloud-only:\s*(.+?)\s*-->$/s;

/** Reads all documents, in their order. @throws {RehearsalError} when one's front matter is wrong */
export async function readTutorials(dir = tutorialsDir): Promise<Tutorial[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith(".md"));
  const tutorials = files.map((file) =>
    parseTutorial(readFileSync(join(dir, file), "utf8"), join(dir, file), file.slice(0, -".md".length)),
  );
  return tutorials.sort((a, b) => a.metadata.order - b.metadata.order);
}

/** Reads one document. */
export function parseTutorial(source: string, path: string, name: string): Tutorial {
  const document = parseDocument(source);
  const metadata = metadataSchema.safeParse(document.metadata);
  if (!metadata.success) {
    throw new RehearsalError(
      `${path}: the front matter is wrong: ${z.prettifyError(metadata.error)}`,
      "docs/template.md has all keys",
    );
  }
  if (document.problems.length > 0) {
    throw new RehearsalError(`${path}: ${document.problems.join("; ")}`);
  }
  const title = document.title ?? name;
  return {
    name,
    path,
    source,
    title,
    metadata: metadata.data,
    document,
    blocks: placed(source, document.blocks),
  };
}

/** Adds to each block what `ie` doesn't look at: section, mark and line. */
function placed(source: string, blocks: readonly Block[]): TutorialBlock[] {
  const found: TutorialBlock[] = [];
  let section = "";
  let cloudOnly: string | undefined;
  let line = 0;
  for (const part of partsOf(splitFrontMatter(source).body)) {
    if (part.kind === "heading" && part.level === 2) {
      section = part.text;
    } else if (part.kind === "html") {
      cloudOnly = cloudOnlyMark.exec(part.text.trim())?.[1]?.replaceAll(/\s+/g, " ") ?? cloudOnly;
    } else if (part.kind === "fence" && languages.includes(part.language)) {
      const block = blocks[found.length];
      if (block?.content !== part.content) {
        throw new RehearsalError(
          `the block under "${section}" is no command for ie: ${part.content}`,
          "after the comment of an expected output comes that output",
        );
      }
      line = lineOf(source, block, line);
      found.push({ ...block, section, line, ...(cloudOnly === undefined ? {} : { cloudOnly }) });
      cloudOnly = undefined;
    }
  }
  return found;
}

/** Blocks may be the same text: each is looked for behind the one before it. */
function lineOf(source: string, { language, content }: Block, after: number): number {
  const before = source.split("\n").slice(0, after).join("\n").length;
  const at = source.indexOf(`\`\`\`${language}\n${content}\`\`\``, before);
  return source.slice(0, at).split("\n").length;
}
