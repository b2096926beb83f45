import type { Part } from "./markdown.ts";

/** Languages whose fenced blocks `ie execute`, `ie test` and `ie to-bash` take as commands. */
export const languages = ["bash", "azurecli", "azurecli-interactive", "terraform"];

/** What a block's standard output is compared with. */
export interface Expectation {
  language: string;
  content: string;
  /** From 0 to 1, by Jaro-Winkler, or Jaro over sorted JSON; 0 lets everything pass. */
  similarity: number;
  /** A regular expression of Go, instead of the similarity. */
  regex?: string;
}

/** A fenced block that is executed. */
export interface Block {
  language: string;
  content: string;
  /** The heading above it, which makes its step. */
  header: string;
  /** The paragraphs right above it. */
  description: string;
  expected?: Expectation;
}

// Both alternatives as upstream has them, side by side: a comment that ends in "..." is a pattern, whatever
// stands before it.
const expectation = /<!--\s*expected_similarity=\s*(\d+\.?\d*)|"(.*)"\s*-->/;

/** Finds the blocks by the rules of `ie`, odd ones included, because they decide what is really executed. */
export function blocksOf(parts: readonly Part[]): { blocks: Block[]; problems: string[] } {
  const blocks: Block[] = [];
  let header = "";
  let paragraphs: string[] = [];
  let afterParagraph = false;
  let expected: Pick<Expectation, "similarity" | "regex"> | undefined;

  for (const part of parts) {
    if (part.kind === "heading") {
      header = part.text;
      afterParagraph = false;
    } else if (part.kind === "paragraph") {
      paragraphs.push(part.text);
      afterParagraph = true;
    } else if (part.kind === "html") {
      const match = expectation.exec(part.text);
      if (match === null) continue;
      const [, similarity, regex = ""] = match;
      const problem = similarity === undefined ? goRegexProblem(regex) : undefined;
      // ie drops the rest of the document in silence here.
      if (problem !== undefined) {
        return { blocks, problems: [`ie reads no block after the expected output "${regex}": ${problem}`] };
      }
      // A pattern and a similarity may both be there; then the pattern decides.
      expected =
        similarity === undefined
          ? { similarity: expected?.similarity ?? 0, regex }
          : { ...expected, similarity: Number(similarity) };
    } else if (part.kind === "fence") {
      const description = afterParagraph ? paragraphs.join("\n\n") : "";
      paragraphs = [];
      afterParagraph = false;
      const { language, content } = part;
      // Where output is expected, only the first language is a command; any other block is that output.
      const commands = expected === undefined ? languages : languages.slice(0, 1);
      const last = blocks.at(-1);
      if (commands.includes(language)) blocks.push({ language, content, header, description });
      else if (expected !== undefined && last !== undefined) {
        last.expected = { language, content, ...expected };
        expected = undefined;
      }
    }
  }
  return { blocks, problems: [] };
}

/** Why Go's regexp would not take a pattern, as far as JavaScript can tell. */
function goRegexProblem(pattern: string): string | undefined {
  if (pattern === "") return "it is empty";
  if (/\(\?(?:[=!]|<[=!])/.test(pattern)) return "Go's regular expressions know no look-around";
  if (/(?:^|[^\\])(?:\\\\)*\\[1-9]/.test(pattern)) return "Go's regular expressions know no back references";
  try {
    // Go writes flags in front, such as (?i).
    new RegExp(pattern.replace(/^\(\?[imsU]+\)/, "").replaceAll("(?P<", "(?<"));
    return undefined;
  } catch {
    return "it is no regular expression";
  }
}
