import type { Expectation } from "../../servers/innovation-engine/document/blocks.ts";
import { RehearsalError } from "../errors.ts";

/** A pattern of Go's as one of JavaScript's: flags may stand in front only. */
export function fromGo(pattern: string): RegExp {
  const [all = "", flags = ""] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  return new RegExp(pattern.slice(all.length).replaceAll("(?P<", "(?<"), flags);
}

/** Whether a command printed what the document says it does, as `ie` judges. */
export function matches(expected: Expectation, printed: string): boolean {
  if (expected.regex !== undefined) {
    return fromGo(expected.regex).test(printed);
  }
  if (expected.similarity !== 1) {
    // Found by trial and error, and passed by texts that say the opposite.
    throw new RehearsalError(
      `expected_similarity=${expected.similarity}: only 1 and patterns are compared`,
      "write 1 for a text that is always the same, or a pattern for one that isn't",
    );
  }
  return expected.content === printed;
}

/** How what a document expects is told to people. */
export function described({ regex, content }: Expectation): string {
  return regex === undefined ? content : `a text that matches ${regex}\nfor example:\n${content}`;
}
