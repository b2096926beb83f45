import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Running } from "../environment.ts";
import { RehearsalError } from "../errors.ts";
import type { Report } from "../report.ts";
import { readConfig } from "../servers/openWebSearch/config.ts";
import { serveHttp } from "../servers/openWebSearch/http.ts";
import { createSearchServer } from "../servers/openWebSearch/tools.ts";
import { shellEnvironment } from "../shell.ts";
import { repository } from "../workspace.ts";
import { BlockShell, type Ran } from "./blockShell.ts";
import { described, matches } from "./compare.ts";
import type { Part } from "./plan.ts";
import type { Tutorial, TutorialBlock } from "./tutorials.ts";

/** What became of one document. */
export interface DocumentResult {
  name: string;
  ran: number;
  /** Whether all of it ran, its cleanup too. */
  complete: boolean;
  cloudOnly: { line: number; reason: string }[];
  durationMs: number;
}

/** What a run found. */
export interface DocsResult {
  ok: boolean;
  documents: DocumentResult[];
  /** Samples that were written anew, with --fix. */
  fixed: { name: string; line: number }[];
  /** Blocks that did something else than their documents say: the first one, or all of them with `goOn`. */
  differences: Difference[];
}

/** A block that did something else than its document says. */
export interface Difference {
  /** Where: the file, and the line of the block. */
  place: string;
  command: string;
  expected: string;
  got: string;
}

/** How documents are run. */
export interface DocsOptions {
  running: Running;
  report: Report;
  signal: AbortSignal;
  /** Go on after a difference, for authors; what follows may differ because of it. @default false */
  goOn?: boolean;
  /** Gets the text that a block printed in the place of its document's sample; without it a difference ends the run. */
  fix?: (tutorial: Tutorial, block: TutorialBlock, printed: string) => Promise<void>;
}

/** Runs the parts one after the other on one stack, and stops at the first difference. */
export async function runDocuments(parts: readonly Part[], options: DocsOptions): Promise<DocsResult> {
  const { running, report, signal } = options;
  const state = join(running.dir, "docs");
  await mkdir(state, { recursive: true });
  // Variables of the documents, which keep what is set: names that are nobody else's, and what has no place here.
  const search = await startSearch();
  const variables = { HASH: "d0c5", WORK_DIR: join(state, "work"), SEARCH_URL: search.url };
  // curl knows HTTP_PROXY by small letters only, by which Pulumi's own programs would know it, too.
  await writeFile(join(state, ".curlrc"), `proxy = "${running.environment.serviceProxy}"\n`);
  const shell = new BlockShell({
    cwd: running.project,
    state,
    env: {
      ...shellEnvironment(running),
      // Saving the state after each step is for updates that break off, and takes half of an update's time.
      PULUMI_SKIP_CHECKPOINTS: "true",
      CURL_HOME: state,
      ...variables,
    },
    signal,
    onLine: (line) => report.progress(line),
    onProcess: (pid) => running.entrust(pid),
  });
  const result: DocsResult = { ok: true, documents: [], fixed: [], differences: [] };
  try {
    for (const part of parts) {
      await runPart(part, shell, result, options);
      if ((!result.ok && !options.goOn) || signal.aborted) {
        break;
      }
    }
  } finally {
    await search.close();
  }
  result.ok &&= !signal.aborted;
  return result;
}

async function runPart(
  { tutorial, kind, blocks }: Part,
  shell: BlockShell,
  result: DocsResult,
  { report, signal, running, fix, goOn }: DocsOptions,
): Promise<void> {
  const started = performance.now();
  const document = resultOf(result, tutorial.name);
  report.phase(`${tutorial.name}${kind === "cleanup" ? ": cleanup" : ""}`);
  const before = document.ran;
  for (const block of blocks) {
    if (block.cloudOnly !== undefined) {
      document.cloudOnly.push({ line: block.line, reason: block.cloudOnly });
      continue;
    }
    const ran = await Promise.race([shell.run(block.content), running.failed]);
    const said = `$ ${block.content}${ran.stdout}${ran.stderr}\n`;
    await appendFile(join(running.dir, "logs", `docs-${tutorial.name}.log`), said, { mode: 0o600 });
    if (signal.aborted) {
      return;
    }
    let difference = differenceOf(tutorial, block, ran);
    if (difference !== undefined && fix !== undefined && isFixable(block, ran)) {
      await fix(tutorial, block, ran.stdout);
      result.fixed.push({ name: tutorial.name, line: block.line });
      difference = undefined;
    }
    if (difference !== undefined) {
      result.ok = false;
      result.differences.push(difference);
      if (goOn) {
        continue;
      }
      report.done(`${difference.place} did something else`, false);
      return;
    }
    document.ran += 1;
  }
  document.durationMs += performance.now() - started;
  document.complete = document.ran + document.cloudOnly.length === tutorial.blocks.length;
  const skipped = blocks.filter(({ cloudOnly }) => cloudOnly !== undefined).length;
  const left = skipped > 0 ? `, ${skipped} for the cloud only` : "";
  const right = document.ran - before;
  report.done(`${right} of ${blocks.length} blocks ran${left}`, right + skipped === blocks.length);
}

/** What answers in the place of the container that a document starts on the reader's own machine. */
async function startSearch(): Promise<{ url: string; close: () => Promise<void> }> {
  const config = readConfig({ PORT: "0", MODE: "http", ALLOWED_SEARCH_ENGINES: "duckduckgo" });
  const { url, close } = await serveHttp(() => createSearchServer(config), config.host, config.port);
  return { url: url.href, close };
}

/** A text is written anew; a command that failed, or a pattern, needs a person. */
function isFixable({ expected }: TutorialBlock, { exitCode }: Ran): boolean {
  return exitCode === 0 && expected !== undefined && expected.regex === undefined;
}

function differenceOf(tutorial: Tutorial, block: TutorialBlock, ran: Ran): Difference | undefined {
  const place = `${relative(repository, tutorial.path)}:${block.line}`;
  const { expected, content: command } = block;
  if (ran.exitCode !== 0) {
    const got = `exit code ${ran.exitCode ?? "none: it was ended"}\n${ran.stdout}${ran.stderr}`;
    return { place, command, expected: "exit code 0\n", got };
  }
  if (expected !== undefined && !matches(expected, ran.stdout)) {
    return { place, command, expected: described(expected), got: ran.stdout };
  }
  return undefined;
}

function resultOf(result: DocsResult, name: string): DocumentResult {
  const known = result.documents.find((one) => one.name === name);
  if (known !== undefined) {
    return known;
  }
  const document = { name, ran: 0, complete: false, cloudOnly: [], durationMs: 0 };
  result.documents.push(document);
  return document;
}

/** The difference for people, with both texts. */
export function differenceLines({ place, command, expected, got }: Difference): string[] {
  const indented = (text: string) =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`);
  return ["", place, ...indented(command), "expected", ...indented(expected), "got", ...indented(got)];
}

/** How much of the documents ran, and what is for the cloud only. @throws {RehearsalError} with too much of it */
export function checkShare(blocks: readonly TutorialBlock[], mostPercent = 10): void {
  const cloudOnly = blocks.filter((block) => block.cloudOnly !== undefined).length;
  if (cloudOnly * 100 > blocks.length * mostPercent) {
    throw new RehearsalError(
      `${cloudOnly} of ${blocks.length} blocks are for the cloud only, and at most ${mostPercent} percent may be`,
      "let the document do it in a way that works without a cloud account, too",
    );
  }
}
