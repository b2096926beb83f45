import { readFile, writeFile } from "node:fs/promises";
import { RehearsalError } from "../errors.ts";
import type { Tutorial, TutorialBlock } from "./tutorials.ts";

/** Puts what a block printed in the place of the text that its document expects. */
export async function fixSample(tutorial: Tutorial, block: TutorialBlock, printed: string): Promise<void> {
  // Earlier blocks of the file may have been fixed since it was read.
  await writeFile(tutorial.path, withSample(await readFile(tutorial.path, "utf8"), block, printed));
}

/** The document with another text where the block's output is expected. @throws {RehearsalError} when it isn't there */
export function withSample(source: string, block: TutorialBlock, printed: string): string {
  const { expected, language, content } = block;
  const command = `\`\`\`${language}\n${content}\`\`\`\n`;
  const sample = `\`\`\`${expected?.language ?? ""}\n${expected?.content ?? ""}\`\`\``;
  // Not the first such text: the one behind its own command, in the part that follows the block's heading.
  const heading = source.indexOf(`# ${block.header}\n`);
  const at = source.indexOf(sample, source.indexOf(command, heading));
  if (heading < 0 || at < 0) {
    throw new RehearsalError(`the expected output of the block in line ${block.line} is not where it was`);
  }
  if (printed.includes("```")) {
    throw new RehearsalError(`what the block in line ${block.line} prints would end the fence around it`);
  }
  const text = printed.endsWith("\n") || printed === "" ? printed : `${printed}\n`;
  return `${source.slice(0, at)}\`\`\`${expected?.language ?? ""}\n${text}\`\`\`${source.slice(at + sample.length)}`;
}
