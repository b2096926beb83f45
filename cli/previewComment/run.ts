import { readFile } from "node:fs/promises";
import { exitCodes, UserError } from "../userError.ts";
import { type Summary, summaryOf } from "./summary.ts";

/** A stack's name and the file with its preview. */
export interface Given {
  stack: string;
  /** "-" is standard input. */
  file: string;
}

/**
 * Reads the previews of some stacks.
 *
 * @throws {UserError} when a file can't be read, is no preview, or a stack comes twice
 */
export async function summariesOf(given: readonly Given[]): Promise<Summary[]> {
  const twice = given.find(({ stack }, index) => given.findIndex((each) => each.stack === stack) < index);
  if (twice) throw new UserError(`the stack ${twice.stack} is given twice`, exitCodes.usage);
  return Promise.all(
    given.map(async ({ stack, file }) => {
      const where = file === "-" ? "standard input" : file;
      const text = await readFile(file === "-" ? "/dev/stdin" : file, "utf8").catch((error: Error) => {
        throw new UserError(`${where} can't be read: ${error.message}`, exitCodes.usage);
      });
      return summaryOf(stack, text, where);
    }),
  );
}
