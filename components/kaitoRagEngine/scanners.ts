/** What happens to an answer that a scanner finds something in. */
export type GuardrailAction = "redact" | "block";

/** What every scanner has. */
interface Scanner {
  /** @default - the policy's */
  action?: GuardrailAction;
}

/** Finds what matches one of the patterns. */
export interface RegexScanner extends Scanner {
  /** Which scanner it is. */
  type: "regex";
  /**
   * Patterns as Python's `re` knows them; KAITO skips a scanner with a wrong one, and only its log says so.
   */
  patterns: string[];
  /** false turns it round: answers without a match are found. @default true */
  isBlocked?: boolean;
  /** What has to match: a part, the whole text, or every part. @default "search" */
  matchType?: "search" | "fullmatch" | "all";
}

/** Finds texts, such as "internal only". */
export interface BanSubstringsScanner extends Scanner {
  /** Which scanner it is. */
  type: "ban_substrings";
  /** The texts, at least one. */
  substrings: string[];
  /** As a whole word or anywhere. @default "word" */
  matchType?: "str" | "word";
  /** @default false */
  caseSensitive?: boolean;
  /** Only when all of them are there. @default false */
  containsAll?: boolean;
}

/** Finds keys and passwords by their form. */
export interface SecretsScanner extends Scanner {
  /** Which scanner it is. */
  type: "secrets";
  /** How much of them is replaced. @default "all" */
  redactMode?: "all" | "partial" | "hash";
}

/** Finds common personal data. */
export interface SensitiveScanner extends Scanner {
  /** Which scanner it is. */
  type: "sensitive";
  /** @default - all four */
  detectors?: ("email" | "phone" | "credit_card" | "ip_address")[];
}

/** Finds characters that can't be seen. */
export interface InvisibleTextScanner extends Scanner {
  /** Which scanner it is. */
  type: "invisible_text";
}

/** Finds answers that are too long, in tokens. */
export interface TokenLimitScanner extends Scanner {
  /** Which scanner it is. */
  type: "token_limit";
  /** @default 4096 */
  limit?: number;
  /** Name of a tiktoken encoding. @default "cl100k_base" */
  encodingName?: string;
  /** Name of a model of OpenAI, for its encoding. @default - none */
  modelName?: string;
}

/** Finds answers that are too long to read. */
export interface ReadingTimeScanner extends Scanner {
  /** Which scanner it is. */
  type: "reading_time";
  /** In minutes, of 200 words each. */
  maxTime: number;
  /** Cut them off instead. @default false */
  truncate?: boolean;
}

/** Finds answers that aren't JSON. */
export interface JsonScanner extends Scanner {
  /** Which scanner it is. */
  type: "json";
  /** JSON values that must be there. @default 0 */
  requiredElements?: number;
  /** Mend what nearly is JSON. @default true */
  repair?: boolean;
}

/**
 * The scanners of KAITO 0.11.0. Source: SCANNER_REGISTRY in presets/ragengine/guardrails/scanner_schemas.py.
 */
export type GuardrailScanner =
  | RegexScanner
  | BanSubstringsScanner
  | SecretsScanner
  | SensitiveScanner
  | InvisibleTextScanner
  | TokenLimitScanner
  | ReadingTimeScanner
  | JsonScanner;

/** What is allowed in a field, in words for messages. */
interface Field {
  must: string;
  holds: (value: unknown) => boolean;
  required?: boolean;
}

const flag: Field = { must: "true or false", holds: (value) => typeof value === "boolean" };
const text: Field = { must: "a text", holds: (value) => typeof value === "string" && value !== "" };
const texts: Field = {
  must: "a list of at least one text, none of them empty",
  holds: (value) => Array.isArray(value) && value.length > 0 && value.every(text.holds),
};
const number = (must: string, holds: (value: number) => boolean): Field => ({
  must,
  holds: (value) => typeof value === "number" && Number.isFinite(value) && holds(value),
});
const oneOf = (...allowed: string[]): Field => ({
  must: `one of ${allowed.map((each) => `"${each}"`).join(", ")}`,
  holds: (value) => allowed.includes(value as string),
});
const DETECTORS = ["email", "phone", "credit_card", "ip_address"];

type FieldsOf<T> = { [Key in Exclude<keyof T, "type" | "action">]-?: Field };
type Fields = { [Each in GuardrailScanner as Each["type"]]: FieldsOf<Each> };

const FIELDS: Fields = {
  regex: {
    patterns: { ...texts, required: true },
    isBlocked: flag,
    matchType: oneOf("search", "fullmatch", "all"),
  },
  ban_substrings: {
    substrings: { ...texts, required: true },
    matchType: oneOf("str", "word"),
    caseSensitive: flag,
    containsAll: flag,
  },
  secrets: { redactMode: oneOf("all", "partial", "hash") },
  sensitive: {
    detectors: {
      must: `a list of at least one of ${DETECTORS.map((each) => `"${each}"`).join(", ")}`,
      holds: (value) => texts.holds(value) && (value as string[]).every((each) => DETECTORS.includes(each)),
    },
  },
  invisible_text: {},
  token_limit: {
    limit: number("a whole number from 1", (value) => Number.isInteger(value) && value >= 1),
    encodingName: text,
    modelName: text,
  },
  reading_time: {
    maxTime: { ...number("a number above 0", (value) => value > 0), required: true },
    truncate: flag,
  },
  json: {
    requiredElements: number("a whole number from 0", (value) => Number.isInteger(value) && value >= 0),
    repair: flag,
  },
};

/** What is wrong with a scanner and where, or nothing when KAITO will use it. */
export function scannerProblem(scanner: GuardrailScanner): { key: string; reason: string } | undefined {
  const { type, action: _, ...given } = scanner as unknown as Record<string, unknown>;
  const fields = Object.hasOwn(FIELDS, String(type))
    ? (FIELDS as Record<string, Record<string, Field>>)[String(type)]
    : undefined;
  if (fields === undefined) {
    return {
      key: "type",
      reason: `must be ${oneOf(...Object.keys(FIELDS)).must}, not ${JSON.stringify(type)}`,
    };
  }
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(fields, key));
  if (unknown !== undefined) {
    const known = Object.keys(fields).join(", ") || "none but type and action";
    return { key: unknown, reason: `is no field of the scanner ${String(type)}; it has ${known}` };
  }
  for (const [key, { must, holds, required }] of Object.entries(fields)) {
    const value = given[key];
    if (value === undefined ? required : !holds(value)) {
      const found = value === undefined ? "is missing" : `${JSON.stringify(value)} is not allowed`;
      return { key, reason: `${found}; it must be ${must}` };
    }
  }
  return undefined;
}
