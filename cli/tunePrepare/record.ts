import { closest, distance } from "fastest-levenshtein";

/** One record in the form of databricks-dolly-15k; a category isn't kept, because training doesn't read it. */
export interface DollyRecord {
  instruction: string;
  context?: string;
  response: string;
}

/** What is wrong with a line. */
export interface Flaw {
  /** The character of the line where it is, counted from 1, when that is known. */
  column?: number;
  message: string;
}

const required = ["instruction", "response"];
const optional = ["context", "category"];
const known = [...required, ...optional];

/**
 * Reads a record from the text of a line.
 *
 * @param ignored keys that are neither read nor a flaw
 */
export function parseRecord(text: string, ignored: ReadonlySet<string>): DollyRecord | Flaw[] {
  const value = parseObject(text);
  if (Array.isArray(value)) return value;
  const flaws = [
    ...Object.keys(value)
      .filter((key) => !known.includes(key) && !ignored.has(key))
      .map((key) => unknownKey(key, known, "; --ignore-keys leaves it out")),
    ...known.flatMap((key) => fieldFlaw(key, value[key])),
  ];
  if (flaws.length > 0) return flaws;
  const { instruction, context, response } = value as unknown as DollyRecord;
  return context && !isBlank(context) ? { instruction, context, response } : { instruction, response };
}

/** Reads one JSON object from the text of a line. */
export function parseObject(text: string): Record<string, unknown> | Flaw[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [notJson(text, (error as Error).message)];
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  return [
    {
      message: `${kindOf(value)}, not an object; ${Array.isArray(value) ? arrays : "each line must be one"}`,
    },
  ];
}

const arrays = "each line must be one (jq -c '.[]' takes an array apart)";

function notJson(text: string, message: string): Flaw {
  if (/^\s*\[/.test(text)) {
    return { message: `not JSON, but maybe the start of an array over several lines; ${arrays}` };
  }
  // V8 says the place only in some of its messages, always in this form.
  const [place = "", position] =
    / (?:in JSON )?at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message) ?? [];
  const what = message.slice(0, message.length - place.length).replace(/ is not valid JSON$| in JSON$/, "");
  return {
    message: `not JSON: ${what}`,
    ...(position === undefined ? {} : { column: Number(position) + 1 }),
  };
}

/** Says that a key isn't known, and which one may be meant. */
export function unknownKey(key: string, allowed: readonly string[], remedy = ""): Flaw {
  const nearest = closest(key, allowed);
  const isNear = distance(key, nearest) <= Math.max(2, key.length / 3);
  const hint = isNear ? `; did you mean "${nearest}"?` : remedy;
  return { message: `the key ${JSON.stringify(key)} is not one of ${allowed.join(", ")}${hint}` };
}

function fieldFlaw(key: string, value: unknown): Flaw[] {
  if (value === undefined || value === null) {
    if (optional.includes(key)) return [];
    return [{ message: value === null ? `"${key}" is null` : `"${key}" is missing` }];
  }
  return textFlaw(`"${key}"`, value, { mayBeBlank: optional.includes(key) });
}

/** What is wrong with a value that must be a text. */
export function textFlaw(name: string, value: unknown, { mayBeBlank }: { mayBeBlank: boolean }): Flaw[] {
  if (typeof value !== "string") return [{ message: `${name} is ${kindOf(value)}, not a string` }];
  if (!mayBeBlank && isBlank(value)) {
    return [{ message: value === "" ? `${name} is empty` : `${name} has nothing but white space` }];
  }
  // Half of a surrogate pair can be written in JSON ("\ud83d"), but there is no UTF-8 for it.
  return value.isWellFormed() ? [] : [{ message: `${name} has half of a character (a lone surrogate)` }];
}

function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
