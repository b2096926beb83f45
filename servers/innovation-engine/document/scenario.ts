import type { Block } from "./blocks.ts";
import type { ParsedDocument } from "./document.ts";

/** Blocks under one heading. */
export interface Step {
  name: string;
  blocks: Block[];
}

/** The heading that `ie` gives the step in which it sets variables that no block exports. */
export const exportStep = "Exporting variables defined via the CLI and not in the markdown file.";

/**
 * The steps that `ie` executes, in its order: the document's blocks under "Prerequisites", those of the
 * documents that it names, then its own. Upstream inserts each of several prerequisites before the ones that it
 * has already inserted, so the last one named comes first; and blocks of equal headings join the first of them.
 *
 * @param variables names of variables that the caller sets
 */
export function stepsOf(
  document: ParsedDocument,
  prerequisites: readonly ParsedDocument[],
  variables: readonly string[] = [],
): Step[] {
  let blocks = document.blocks;
  for (const prerequisite of prerequisites) {
    const isBefore = ({ header }: Block) => header === "Prerequisites";
    const after = blocks.filter((block) => !isBefore(block));
    blocks = [...blocks.filter(isBefore), ...prerequisite.blocks, ...after];
  }
  if (variables.some((name) => !exports(blocks, name))) {
    blocks = [{ language: "bash", content: "", header: exportStep, description: "" }, ...blocks];
  }
  const steps = new Map<string, Step>();
  for (const block of blocks) {
    const step = steps.get(block.header) ?? { name: block.header, blocks: [] };
    step.blocks.push(block);
    steps.set(block.header, step);
  }
  return [...steps.values()];
}

function exports(blocks: readonly Block[], name: string): boolean {
  const pattern = new RegExp(`export ${name}\\s*=`);
  return blocks.some(({ content }) => pattern.test(content));
}
