import { z } from "zod";

/** Says what is allowed, and what was found instead. */
const must = (words: string) => ({
  error: ({ input }: { input?: unknown }) =>
    input === undefined ? `is missing; it must be ${words}` : `must be ${words}, not ${show(input)}`,
});

/** A value as people wrote it, cut where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number) {
  const words = must(`a whole number from ${min} to ${max}`);
  return z.number(words).int(words).min(min, words).max(max, words);
}

/** Text of a pattern, which `words` describe. */
export function text(words: string, pattern: RegExp) {
  return z.string(must(words)).regex(pattern, must(words));
}

/** One of some words. */
export function oneOf<const T extends readonly string[]>(...values: T) {
  return z.enum(values, must(values.map((value) => JSON.stringify(value)).join(" or ")));
}

/** Any text but the empty one. */
export const someText = (words: string) => z.string(must(words)).min(1, must(words));

/** A list. */
export const list = <T extends z.ZodType>(item: T, words: string) => z.array(item, must(words));

/** An object with these keys and no others. */
export const section = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, {
    error: ({ code, input }) =>
      code === "invalid_type" ? must("an object of keys").error({ input }) : undefined,
  });

/** An object whose keys are names. */
export const named = <T extends z.ZodType>(value: T, words: string) =>
  z.record(someText(words), value, must(`an object of ${words}`));

/** A URL that starts with `http:` or `https:`, without user, query or fragment. */
export const httpUrl = (example: string) =>
  z.string(must(`a URL such as ${example}`)).refine(
    (value) => {
      if (!URL.canParse(value)) return false;
      const { protocol, username, password, search, hash } = new URL(value);
      return /^https?:$/.test(protocol) && username + password + search + hash === "";
    },
    must(`a URL such as ${example}`),
  );

/** Such a URL that nobody on the way can change: https, or http on this machine. */
export const safeUrl = (example: string) =>
  httpUrl(example).refine(
    (value) => {
      if (!URL.canParse(value)) return true; // Said already.
      const { protocol, hostname } = new URL(value);
      return protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
    },
    must(`https, or http on a loopback address, such as ${example}`),
  );

/** Path of an endpoint. */
export const path = text('a path such as "/mcp"', /^\/[\w\-./]*$/);

/** Address to listen on. */
export const address = someText('an address to listen on, such as "0.0.0.0"');

/** TCP port; 0 takes any free one. */
export const port = wholeNumber(0, 65_535);

/** An origin as browsers send it. */
export const origin = z
  .string(must("an origin such as https://chat.example.com"))
  .refine(
    (value) => URL.canParse(value) && new URL(value).origin === value,
    must("an origin such as https://chat.example.com"),
  );

/** A host name without port. */
export const host = text("a host name without port such as search.mcp.svc", /^([\w.-]+|\[[0-9a-fA-F:.]+\])$/);

/** Name of a tool, which is case-sensitive. Source: "Tool Names" of MCP 2025-11-25. */
export const toolName = someText("the name of a tool");

/** So many calls in so many seconds. */
export const rate = section({
  /** How many calls may begin within the time, 1 to 1000000. */
  calls: wholeNumber(1, 1_000_000),
  /** The time in seconds, 1 to 86400. */
  seconds: wholeNumber(1, 86_400),
});

/** A switch. */
export const yesOrNo = z.boolean(must("true or false"));
