import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";

/** Where a server is, as it was typed. */
export interface PlaceOptions {
  /** @default - "sse" for a URL whose path ends in /sse, else "http" */
  transport?: "http" | "sse" | "stdio";
  url?: string;
  /** With "stdio": the program and its arguments. */
  command: readonly string[];
  /** File with a bearer token. @default - the environment variable MCP_TOKEN */
  tokenFile?: string;
  /** As "name=value". */
  headers: readonly string[];
  /** File with certificates of authorities. */
  ca?: string;
}

/** Where a server is, checked. */
export type Place = HttpPlace | { transport: "stdio"; command: string; args: string[] };

export interface HttpPlace {
  transport: "http" | "sse";
  url: URL;
  headers: Record<string, string>;
  /** The bearer token in them. It is in no message. */
  token?: string;
}

/**
 * Checks where the server is, and reads the token.
 *
 * @throws {UserError} with exit code 2 and without the values that may be secret
 */
export function placeOf(options: PlaceOptions, env: NodeJS.ProcessEnv): Place {
  if (options.transport === "stdio") return stdioPlace(options);
  const url = parsedUrl(options.url);
  const headers = Object.fromEntries(options.headers.map(header));
  const token = tokenOf(options.tokenFile, env);
  if (token !== undefined) headers["Authorization"] = `Bearer ${token}`;
  if (options.ca !== undefined) trust(options.ca);
  return {
    transport: options.transport ?? (url.pathname.endsWith("/sse") ? "sse" : "http"),
    url,
    headers,
    token,
  };
}

/** A URL without what may be secret in it. */
export function shownUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

/** Whether a bearer token would cross a network in the clear; inside of a cluster it may. */
export function isExposed({ url, token }: HttpPlace): boolean {
  const own = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$|\.svc(\.cluster\.local)?$/.test(url.hostname);
  return token !== undefined && url.protocol === "http:" && !own;
}

function stdioPlace({ command: [command, ...args], tokenFile, headers, ca }: PlaceOptions): Place {
  if (command === undefined) {
    throw usage("--transport stdio needs the server's command after --, for example -- node server.ts");
  }
  const wrong = [tokenFile && "--token-file", headers.length > 0 && "--header", ca && "--ca"].find(Boolean);
  if (wrong) throw usage(`${wrong} is for HTTP; a server on stdio gets no token`);
  return { transport: "stdio", command, args };
}

function parsedUrl(text: string | undefined): URL {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw usage("the first argument must be the URL of the MCP endpoint, such as http://localhost:3000/mcp");
  }
  if (url.username || url.password) {
    throw usage("the URL must have no user and password; a token goes by MCP_TOKEN or --token-file");
  }
  return url;
}

/** On the command line others see it, in the list of processes and in the shell's history. */
const secretHeaders = ["authorization", "proxy-authorization", "cookie"];

function header(text: string): [string, string] {
  const [, name = "", value = ""] = /^([^=]*)=([\s\S]*)$/.exec(text) ?? [];
  // Token characters of RFC 9110, 5.6.2, and what fetch takes as a value.
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
    throw usage("--header must be name=value, such as x-tenant=blue");
  }
  if (secretHeaders.includes(name.toLowerCase())) {
    throw usage(`--header can't be ${name}: a token goes by MCP_TOKEN or --token-file`);
  }
  return [name, value];
}

function tokenOf(file: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const from = file === undefined ? "MCP_TOKEN" : `--token-file ${visible(file)}`;
  const token = (file === undefined ? env["MCP_TOKEN"] : read(file, "--token-file"))?.trim();
  if (token === undefined) return undefined;
  // Characters of a bearer token in RFC 6750, 2.1.
  if (/^[\w.~+/-]+=*$/.test(token)) return token;
  throw usage(
    token === ""
      ? `${from} is empty`
      : `${from} is no bearer token: it must be one word of ASCII, without "Bearer"`,
  );
}

function trust(file: string): void {
  const certificates = read(file, "--ca").match(
    /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g,
  );
  try {
    for (const each of certificates ?? [""]) new X509Certificate(each);
  } catch {
    throw usage(`--ca ${visible(file)} has no certificates in PEM form`);
  }
  setDefaultCACertificates([...getCACertificates("default"), ...(certificates ?? [])]);
}

function read(file: string, flag: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw usage(`${flag} can't be read: ${visible((error as Error).message)}`);
  }
}

function usage(message: string): UserError {
  return new UserError(message, exitCodes.usage);
}
