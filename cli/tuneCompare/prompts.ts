import { openInput } from "../tunePrepare/input.ts";
import { type Line, LineSplitter } from "../tunePrepare/lines.ts";
import type { Flaw } from "../tunePrepare/record.ts";
import { asLine } from "../tunePrepare/summary.ts";
import { exitCodes, UserError } from "../userError.ts";
import { type Prompt, parsePrompt } from "./parsePrompt.ts";

export interface PromptOptions {
  /** The file, or "-" for the standard input. */
  path: string;
  /** Put in front of messages that have no system message of their own. */
  system?: string;
  /** Takes the first so many prompts. */
  limit?: number;
}

const maxLineBytes = 2 ** 20;
const maxProblems = 20;

/**
 * Reads prompts from JSON Lines, or from plain text with one prompt a line; a brace at the start tells them apart.
 *
 * @throws {UserError} with the problems and their lines
 */
export async function readPrompts(options: PromptOptions, signal: AbortSignal): Promise<Prompt[]> {
  const input = await openInput(options.path, signal);
  const splitter = new LineSplitter(maxLineBytes);
  const reading = new Reading(options);
  for await (const chunk of input.chunks) {
    if (!reading.take(splitter.push(chunk))) break;
  }
  reading.take(splitter.end());
  const { prompts, problems } = reading;
  if (problems.length > 0) {
    const lines = problems.map((problem) => asLine(input.name, problem));
    throw new UserError(`the prompts can't be used:\n${lines.join("\n")}`, exitCodes.usage);
  }
  if (prompts.length === 0) throw new UserError(`${input.name} has no prompt`, exitCodes.usage);
  return prompts;
}

class Reading {
  readonly prompts: Prompt[] = [];
  readonly problems: (Flaw & { line: number })[] = [];
  readonly #options: PromptOptions;
  #isJson: boolean | undefined;

  constructor(options: PromptOptions) {
    this.#options = options;
  }

  /** Takes lines; false when no more are wanted. */
  take(lines: Iterable<Line>): boolean {
    const { limit = Number.POSITIVE_INFINITY } = this.#options;
    for (const line of lines) {
      if (this.prompts.length >= limit || this.problems.length >= maxProblems) return false;
      this.#take(line);
    }
    return true;
  }

  #take(line: Line): void {
    if ("problem" in line) {
      this.problems.push({ line: line.number, message: line.problem, column: line.column });
      return;
    }
    const { text, number } = line;
    if (!/\S/.test(text)) return;
    // An array can't be used either, but the message about it helps more than a prompt "[" does.
    this.#isJson ??= /^\s*(?:\{|\[\s*(?:\{|$))/.test(text);
    const found = this.#isJson ? parsePrompt(text) : { messages: [{ role: "user" as const, content: text }] };
    if (Array.isArray(found)) {
      this.problems.push(...found.map((flaw) => ({ line: number, ...flaw })));
      return;
    }
    const { system } = this.#options;
    if (system !== undefined && found.messages[0]?.role !== "system") {
      found.messages.unshift({ role: "system", content: system });
    }
    this.prompts.push({ line: number, ...found });
  }
}
