import { execFileSync } from "node:child_process";
import { chmodSync, createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { CallToolResult, Progress } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { ieCommit } from "../../../servers/innovation-engine/engine/binary.ts";
import { listening } from "../mcp-http/program.ts";

export const main = join(import.meta.dirname, "../../../servers/innovation-engine/main.ts");

/** Somebody whom /etc/passwd doesn't know, if this process may become another; so that ie takes HOME. */
export const nobody = process.getuid?.() === 0 ? { uid: 4_711_001, gid: 4_711_001 } : {};

/** How long a test of several processes may take on a busy machine, in milliseconds. */
export const patience = 60_000;

/** Takes what is to be done in the end: of the test, unless it is said otherwise. */
type Later = (cleanup: () => void) => void;

/** A new folder that everybody may use, removed in the end. */
export function folder(later: Later = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), "innovation-engine-test-"));
  chmodSync(path, 0o777);
  later(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export const ownStateVersion = "v0.2.3-15-ga602e83+state-fd19";

interface IeOptions {
  version?: string;
  commit?: string;
  state?: string;
  later?: Later;
}

/** Makes a program in a folder that behaves as `ie`; by default as the build of the Dockerfile does. */
export function fakeIe(options: IeOptions = {}): string {
  const { version = ownStateVersion, commit = ieCommit, state = "/proc/self/fd/19" } = options;
  const path = join(folder(options.later), "ie");
  const fake = join(import.meta.dirname, "../../../rehearsal/servers/innovationEngine/ie.ts");
  const words = [process.execPath, fake, version, commit, state].map((word) => `'${word}'`).join(" ");
  writeFileSync(path, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

const real = process.env["MCPAAS_IE"];
const why = "skipped: MCPAAS_IE names no ie built as servers/innovation-engine/Dockerfile does";

/** What the tests run against. As another user than root, the real one writes to that user's .bash_history. */
export const engines = [
  { ie: "the recorded ie", skip: false, path: (later?: Later) => fakeIe({ later }) },
  {
    ie: real === undefined ? `the real ie (${why})` : "the real ie",
    skip: real === undefined,
    path: () => real ?? "",
  },
];

/** A running server and a client of it. */
export interface Served {
  client: Client;
  url: URL;
  child: Awaited<ReturnType<typeof listening>>["child"];
  lines: Record<string, unknown>[];
  /** Where its runs have their folders. */
  work: string;
}

/** Starts the program, with a client; the caller ends both. */
export async function serve(env: Record<string, string>, later?: Later): Promise<Served> {
  const work = folder(later);
  const all = { PATH: "/usr/bin:/bin", WORK_DIR: work, ...env };
  const { child, url, lines } = await listening(main, all, { ...nobody, keep: true });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(url));
  return { client, url, child, lines, work };
}

/** One server for all tests of a `describe`. `env` may make folders, which are removed after them. */
export function served(env: (later: Later) => Record<string, string>): Served {
  const one = {} as Served;
  const cleanups: (() => void)[] = [];
  const later: Later = (cleanup) => cleanups.push(cleanup);
  beforeAll(async () => {
    Object.assign(one, await serve(env(later), later));
  }, patience);
  afterAll(async () => {
    await one.client?.close();
    one.child?.kill("SIGKILL");
    for (const cleanup of cleanups) cleanup();
  });
  return one;
}

/** A tool's answer as structure, and whether it is an error. */
export interface Called {
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  data: any;
  text: string;
  isError: boolean;
  progress: Progress[];
}

/** Calls a tool. */
export async function call(
  { client }: Served,
  name: string,
  args: Record<string, unknown> = {},
  { signal, onprogress }: { signal?: AbortSignal; onprogress?: (progress: Progress) => void } = {},
): Promise<Called> {
  const progress: Progress[] = [];
  const listen = (one: Progress) => {
    progress.push(one);
    onprogress?.(one);
  };
  const result = (await client.callTool({ name, arguments: args }, undefined, {
    signal,
    onprogress: listen,
  })) as CallToolResult;
  const [first] = result.content;
  const text = first?.type === "text" ? first.text : "";
  return { data: result.structuredContent, text, isError: result.isError === true, progress };
}

/** A pipe by which a test sees processes live and end: it ends when the last of its writers has. */
export function lifeline(): { path: string; begun: Promise<void>; ended: Promise<void> } {
  const path = join(folder(), "lifeline");
  execFileSync("mkfifo", ["-m", "666", path]);
  const stream = createReadStream(path);
  return {
    path,
    begun: new Promise((resolve) => stream.once("data", () => resolve())),
    ended: new Promise((resolve) => stream.once("end", () => resolve())),
  };
}

/** A command that leaves its group and session, and says so to a lifeline on descriptor 7 when it has. */
export const leaver = "setsid sh -c 'echo here >&7; exec sleep 1000'";

/** A document of one block. */
export function document(commands: string, title = "Test"): string {
  return `# ${title}\n\n## Only step\n\n\`\`\`bash\n${commands}\n\`\`\`\n`;
}
