import { z } from "zod";
import type { Form } from "../forms.ts";

/** Says what was found and what must be there instead. */
const must = (words: string) => ({
  error: ({ input }: { input?: unknown }) =>
    input === undefined
      ? `is missing; it must be ${words}`
      : `${show(input)} is not allowed; it must be ${words}`,
});

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** A whole number within bounds. */
export const whole = (min: number, max: number) => {
  const words = must(`a whole number from ${min} to ${max}`);
  return z.number(words).int(words).min(min, words).max(max, words);
};

/** Text of a form. */
export const text = ({ pattern, words, example }: Form) => {
  const message = must(`${words}, for example ${JSON.stringify(example)}`);
  return z.string(message).regex(pattern, message);
};

/** Any text but the empty one. */
export const someText = (words: string) => z.string(must(words)).min(1, must(words));

/** One of some words. */
export const oneOf = <const T extends readonly string[]>(...values: T) =>
  z.enum(values, must(values.map((value) => JSON.stringify(value)).join(" or ")));

/** A switch. */
export const yesOrNo = () => z.boolean(must("true or false"));

/** A list, of at least so many. */
export const list = <T extends z.ZodType>(item: T, words: string, atLeast = 0) =>
  z.array(item, must(words)).min(atLeast, must(`${words}, with at least ${atLeast}`));

/** Values by name. */
export const named = <T extends z.ZodType>(value: T, words: string, name: z.ZodString = z.string().min(1)) =>
  z.record(name, value, {
    error: (issue) =>
      issue.code === "invalid_key"
        ? `is no name that is allowed: ${issue.issues[0]?.message}`
        : must(words).error(issue),
  });

/** These keys and no others. */
export const section = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `${issue.keys.map((key) => JSON.stringify(key)).join(", ")} is unknown here; there are ${Object.keys(shape).join(", ")}`
        : must(`a structure of ${Object.keys(shape).join(", ")}`).error(issue),
  });

const urlOf = (protocol: RegExp, words: string) => (example: string) => {
  const message = must(`${words} without user, query and fragment, for example ${JSON.stringify(example)}`);
  return z.string(message).refine((value) => {
    if (!URL.canParse(value)) return false;
    const { protocol: own, username, password, search, hash } = new URL(value);
    return protocol.test(own) && username + password + search + hash === "";
  }, message);
};

/** A URL of a service that people call. */
export const httpUrl = urlOf(/^https?:$/, "a URL");

/** A URL of which one must be sure who answers. */
export const httpsUrl = urlOf(/^https:$/, "an https URL");

const originMessage = must('an origin, for example "https://chat.example.com"');
/** An origin as browsers send it. */
export const origin = z
  .string(originMessage)
  .refine((value) => URL.canParse(value) && new URL(value).origin === value, originMessage);

/** A host without port. */
export const HOST: Form = {
  pattern: /^([\w.-]+|\[[0-9a-fA-F:.]+\])$/,
  words: "a host name without port",
  example: "search.mcp.svc.cluster.local",
};

/** Who has a static token: also the name of a file, and what a metric and the audit call them. */
export const CALLER: Form = {
  pattern: /^[a-z0-9]([-.a-z0-9]{0,61}[a-z0-9])?$/,
  words: "1 to 63 of a-z, 0-9, '-' and '.', beginning and ending with a letter or a digit",
  example: "chat",
};

/**
 * A token that nobody guesses and that a header can carry: "token68" of RFC 9110, section 11.2, without the
 * dots that would make it look like a JWT.
 */
export const TOKEN: Form = {
  pattern: /^[A-Za-z0-9\-_~+/]{32,4096}=*$/,
  words: "32 or more letters, digits and -_~+/ without a space",
  example: "the output of: openssl rand -hex 32",
};

/** The path of the endpoint, which the guard takes literally. */
export const ENDPOINT_PATH: Form = {
  pattern: /^\/[\w\-./]*$/,
  words: "a path of letters, digits and -_./ that begins with /",
  example: "/mcp",
};
