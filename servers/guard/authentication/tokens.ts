import { createHash, timingSafeEqual } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Caller } from "../caller.ts";
import { type Config, ConfigError } from "../config.ts";

type TokenSettings = NonNullable<Config["authentication"]["tokens"]>;

/** For this time, in milliseconds, what was read last counts: a withdrawn token is refused after it. */
const rereadMs = 1000;
/** Shorter tokens, in characters, could be guessed. */
const minLength = 16;

/** The callers that have a token of their own. */
export interface StaticTokens {
  /** Whose token this is. */
  find(token: string): Promise<Caller | undefined>;
  /** Whether a caller of that name has a token. */
  isCaller(subject: string): Promise<boolean>;
}

interface Entry {
  caller: Caller;
  digest: Buffer;
}

/**
 * Tokens from files: the name of a file is the caller's, its content the token. They are read again as time
 * goes by, so a Secret that changes counts without a restart: Kubernetes replaces the links of a mounted
 * Secret, which watchers of files miss. At the start every problem is a `ConfigError`; later a file with one
 * no longer counts.
 */
export async function staticTokens(
  settings: TokenSettings,
  options: { log: Logger; now: () => Date; jwtToo: boolean },
): Promise<StaticTokens> {
  const { log, now, jwtToo } = options;
  const { entries: first, problems } = await readTokens(settings, jwtToo);
  const callers = new Set(first.map(({ caller }) => caller.subject));
  for (const name of Object.keys(settings.roles)) {
    if (!callers.has(name))
      log.warn({ caller: name }, "authentication.tokens.roles names a caller without a token");
  }
  if (problems.length > 0) {
    const found = problems.map((problem) => `${settings.directory} ${problem}`);
    throw new ConfigError(`authentication.tokens.directory: ${found.join("; ")}`);
  }

  let current = first;
  let readAt = now().getTime();
  let reading: Promise<Entry[]> | undefined;
  let reported = "";
  const reread = async (): Promise<Entry[]> => {
    const { entries, problems } = await readTokens(settings, jwtToo);
    readAt = now().getTime();
    const report = problems.join("; ");
    if (report !== reported && report !== "") log.error({ problems }, "token files that can't be used");
    reported = report;
    current = entries;
    return entries;
  };
  const latest = async (): Promise<Entry[]> => {
    // A clock that was set back must not make old tokens last.
    const age = Math.abs(now().getTime() - readAt);
    if (reading === undefined && age < rereadMs) return current;
    reading ??= reread().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  return {
    async find(token) {
      const digest = sha256(token);
      let found: Caller | undefined;
      // All of them, whichever fits: the time it takes tells nothing.
      for (const entry of await latest()) if (timingSafeEqual(entry.digest, digest)) found = entry.caller;
      return found;
    },
    isCaller: async (subject) => (await latest()).some(({ caller }) => caller.subject === subject),
  };
}

async function readTokens(
  { directory, roles }: TokenSettings,
  jwtToo: boolean,
): Promise<{ entries: Entry[]; problems: string[] }> {
  const entries: Entry[] = [];
  const problems: string[] = [];
  const owners = new Map<string, string>();
  let names: string[];
  try {
    names = (await readdir(directory)).sort();
  } catch (error) {
    return { entries, problems: [`can't be read (${(error as NodeJS.ErrnoException).code})`] };
  }
  for (const name of names) {
    // A mounted Secret keeps its generations beside the files: ..data and ..2026_11_23_08_00_00.1.
    if (name.startsWith(".")) continue;
    const token = await readToken(join(directory, name));
    const problem = token.problem ?? tokenProblem(token.text, jwtToo) ?? twice(token.text, owners);
    if (problem !== undefined) {
      problems.push(`${name}: ${problem}`);
      continue;
    }
    owners.set(token.text, name);
    const caller: Caller = {
      subject: name,
      roles: Object.hasOwn(roles, name) ? [...(roles[name] ?? [])] : [],
    };
    entries.push({ caller, digest: sha256(token.text) });
  }
  if (entries.length === 0 && problems.length === 0) {
    problems.push("holds no tokens; each caller needs a file with the caller's name and the token in it");
  }
  return { entries, problems };
}

async function readToken(path: string): Promise<{ text: string; problem?: string }> {
  try {
    return { text: (await readFile(path, "utf8")).trim() };
  } catch (error) {
    return { text: "", problem: `can't be read (${(error as NodeJS.ErrnoException).code})` };
  }
}

/** What is wrong with the content of a token's file, without telling any of it. */
function tokenProblem(token: string, jwtToo: boolean): string | undefined {
  if (token.length < minLength)
    return `is shorter than ${minLength} characters; openssl rand -hex 32 makes a good one`;
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token))
    return "holds characters that no bearer token may have (RFC 6750)";
  if (jwtToo && token.split(".").length === 3)
    return "looks like a JWT because of its two dots, and would be read as one";
  return undefined;
}

function twice(token: string, owners: Map<string, string>): string | undefined {
  const owner = owners.get(token);
  return owner && `has the same token as ${owner}`;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
