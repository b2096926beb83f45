import { readFile } from "node:fs/promises";
import { exitCodes, UserError } from "../userError.ts";
import { type Summary, summaryOf } from "./summary.ts";

/** A stream that breaks off after its first event. */
const NOTHING = '{"sequence":0}';

/** A stack's name and the file with its preview. */
export interface Given {
  stack: string;
  /** "-" is standard input. */
  file: string;
}

/**
 * Reads the previews of some stacks.
 *
 * @param without stacks of which there is no preview, as its job ended before it had one
 * @throws {UserError} when a file can't be read, is no preview, or a stack comes twice
 */
export async function summariesOf(
  given: readonly Given[],
  without: readonly string[] = [],
): Promise<Summary[]> {
  const names = [...given.map(({ stack }) => stack), ...without];
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice) throw new UserError(`the stack ${twice} is given twice`, exitCodes.usage);
  const missing = without.map((stack) => ({
    ...summaryOf(stack, NOTHING, stack),
    errors: ["The preview ended before it had anything to tell; its job's log says why."],
  }));
  const read = await Promise.all(
    given.map(async ({ stack, file }) => {
      const where = file === "-" ? "standard input" : file;
      const text = await readFile(file === "-" ? "/dev/stdin" : file, "utf8").catch((error: Error) => {
        throw new UserError(`${where} can't be read: ${error.message}`, exitCodes.usage);
      });
      return summaryOf(stack, text, where);
    }),
  );
  return [...read, ...missing];
}
