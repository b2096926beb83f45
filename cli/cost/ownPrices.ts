import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { type OwnTable, ownTable, type Prices, pricesWith } from "../../cost/prices.ts";
import { exitCodes, UserError } from "../userError.ts";

/**
 * The project's prices, with those of a file laid over them.
 *
 * @param own a YAML or JSON file in the form that `mcpaas cost-prices` writes
 * @throws {UserError} when that can't be read or has another form
 */
export async function readPrices(own?: string): Promise<Prices> {
  return own === undefined ? pricesWith() : pricesWith(await readOwn(own, pricesWith().meterIds));
}

async function readOwn(file: string, known: string[]): Promise<OwnTable> {
  let content: unknown;
  try {
    content = parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UserError(`the prices in ${file} can't be read: ${(error as Error).message}`, exitCodes.usage);
  }
  const { data, error } = ownTable.safeParse(content);
  if (error) {
    throw new UserError(
      `the prices in ${file} have another form: ${z.prettifyError(error)}`,
      exitCodes.usage,
    );
  }
  const wrong = Object.keys(data.meters).filter((id) => !known.includes(id));
  if (wrong.length > 0) {
    throw new UserError(
      `the prices in ${file} have meters that nothing is charged by: ${wrong.join(", ")}; there are ${known.join(", ")}`,
      exitCodes.usage,
    );
  }
  return data;
}
