import { readFileSync } from "node:fs";
import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";
import { positionOfError } from "./json.ts";

/** The arguments of a call, as they were typed. */
export interface Typed {
  /** A JSON object, or "-" for standard input. */
  text?: string;
  /** As "name=value". */
  pairs: readonly string[];
}

export type Parameters = Record<string, unknown>;
type Property = { type?: string | string[]; items?: Property };

/**
 * What was typed as JSON, read before a server is asked.
 *
 * @throws {UserError} with exit code 2 and the place of the mistake
 */
export function fromJson({ text: given, pairs }: Typed): Parameters | undefined {
  if (given === undefined) return undefined;
  if (pairs.length > 0) throw usage("the arguments must be JSON or --arg, not both");
  const text = given === "-" ? readFileSync(0, "utf8") : given;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usage(`the arguments are not JSON: ${whereWrong(text, (error as Error).message)}`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Parameters;
  throw usage(
    `the arguments must be a JSON object such as {"message": "hello"}, not ${visible(text.trim())}`,
  );
}

/** The message, and the line with a mark below the place. */
function whereWrong(text: string, message: string): string {
  const at = positionOfError(text);
  const lines = text.slice(0, at).split("\n");
  const column = lines.at(-1)?.length ?? 0;
  const from = Math.max(0, column - 40);
  const line = (text.split("\n")[lines.length - 1] ?? "").slice(from, from + 78);
  // Tabs and the like would push the mark aside.
  const shown = line.replace(/\p{Cc}|\p{Cf}/gu, " ");
  const what = message.replace(/( in JSON)? at position \d+.*$/, "").replace(/, .*is not valid JSON$/s, "");
  return [
    `${visible(what)} at line ${lines.length}, column ${column + 1}`,
    `  ${shown}`,
    `  ${" ".repeat(column - from)}^`,
  ].join("\n");
}

/**
 * "name=value" pairs with the types that the tool's schema has for them. A name given twice is a list's second item.
 *
 * @throws {UserError} with exit code 2 when a value isn't of its type
 */
export function fromPairs(pairs: readonly string[], schema: Tool["inputSchema"]): Parameters {
  const properties = (schema.properties ?? {}) as Record<string, Property>;
  const made: Parameters = {};
  for (const pair of pairs) {
    const [, name = "", text = ""] = /^([^=]+)=([\s\S]*)$/.exec(pair) ?? [];
    if (name === "") throw usage(`--arg must be name=value, not "${visible(pair)}"`);
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const before = Object.hasOwn(made, name) ? made[name] : undefined;
    const isList = typesOf(property).includes("array");
    if (before !== undefined && !isList) throw usage(`--arg ${visible(name)} was given twice`);
    const value =
      isList && !text.trimStart().startsWith("[")
        ? [...((before as unknown[] | undefined) ?? []), typed(name, text, property?.items)]
        : typed(name, text, property);
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return made;
}

function typed(name: string, text: string, property: Property | undefined): unknown {
  const types = typesOf(property);
  if (types.includes("string") || (types.length === 0 && !isJson(text))) return text;
  if (isJson(text)) return JSON.parse(text);
  throw usage(`--arg ${visible(name)} must be ${types.join(" or ")}, not "${visible(text)}"`);
}

function typesOf(property: Property | undefined): string[] {
  return property?.type === undefined ? [] : [property.type].flat();
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Judges arguments by the tool's own schema, so that a mistake is told before anything happens.
 *
 * @throws {UserError} with exit code 2 that says what doesn't fit
 */
export function checkFit(tool: Tool, parameters: Parameters): void {
  const judge = validatorOf(tool);
  const { valid, errorMessage = "" } = judge?.(parameters) ?? { valid: true };
  if (valid) return;
  const wrong = errorMessage.replace(/\bdata\/?/g, "").trim();
  throw usage(`the arguments don't fit ${visible(tool.name)}: ${visible(wrong)}; it takes ${usageOf(tool)}`);
}

/** A schema that can't be used here, such as one with references elsewhere, is left to the server. */
function validatorOf({ inputSchema }: Tool) {
  try {
    return new AjvJsonSchemaValidator().getValidator<Parameters>(inputSchema);
  } catch {
    return undefined;
  }
}

/** A tool's arguments in a line; brackets are around those that may be left out. */
export function usageOf({ inputSchema }: Tool): string {
  const { properties = {}, required = [] } = inputSchema;
  const shown = Object.entries(properties as Record<string, Property>).map(([name, property]) => {
    const types = typesOf(property).join("|");
    const text = `${visible(name)}${types ? `: ${visible(types)}` : ""}`;
    return required.includes(name) ? text : `[${text}]`;
  });
  return shown.join(", ") || "no arguments";
}

function usage(message: string): UserError {
  return new UserError(message, exitCodes.usage);
}
