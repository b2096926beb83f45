import { readFileSync } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import { describeIssues } from "./config/problems.ts";
import { type Config, schema } from "./config/schema.ts";

export type { Config } from "./config/schema.ts";

/** Settings that are wrong: one line for people, no stack trace needed. */
export class ConfigError extends Error {}

/** Reads the text of a settings file, YAML or JSON; throws a `ConfigError` that names all that is wrong. */
export function readConfig(text: string): Config {
  let settings: unknown;
  try {
    settings = parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new ConfigError(`is no YAML: ${error.message.split("\n")[0]}`);
  }
  return checkConfig(settings);
}

/** Checks settings that are read already, and fills in the defaults. */
export function checkConfig(settings: unknown): Config {
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  throw new ConfigError(describeIssues(result.error.issues).join("; "));
}

/** Reads the settings file; its path stands before what is wrong with it. */
export function loadConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`can't read ${path} (${code}); set GUARD_CONFIG to the guard's settings file`);
  }
  try {
    return readConfig(text);
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(`${path}: ${error.message}`) : error;
  }
}
