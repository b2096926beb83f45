import { availableParallelism } from "node:os";
import PQueue from "p-queue";
import { checkRunnable, type PreparedDocument } from "../document/prepare.ts";
import { DocumentError } from "../document/reader.ts";
import { stepsOf } from "../document/scenario.ts";
import { newReportId, type Report, type Reports } from "../reports.ts";
import { callIe, type IeOptions } from "./ie.ts";
import { TerminalOutput } from "./output.ts";
import type { ProcessEnd } from "./process.ts";
import { Progress, type ProgressListener } from "./progress.ts";
import { BlockFollower, notRun, readTestReport } from "./results.ts";
import { checkVariables } from "./variables.ts";

/** What a caller asks of a run. */
export interface RunRequest {
  tool: Report["tool"];
  variables: Record<string, string>;
  /** Seconds; at most the setting, which is the default too. */
  timeoutSeconds?: number;
  signal: AbortSignal;
  onProgress: ProgressListener;
}

/** What runs share. */
export interface RunnerOptions extends IeOptions {
  reports: Reports;
}

/** How many conversions may wait. */
const mostConversions = 128;

/**
 * Runs documents, so many at a time. A build of `ie` that keeps its state in fixed places runs one at a time, and
 * its state is cleared before and after.
 */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #runs: PQueue;
  // These keep no state, and end at once.
  readonly #conversions = new PQueue({ concurrency: availableParallelism() });
  readonly #closing = new AbortController();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#runs = new PQueue({ concurrency: options.engine.ownState ? options.config.maxRuns : 1 });
  }

  /** Executes or tests a document, when it is its turn; throws a `DocumentError` when it may not run. */
  async run(prepared: PreparedDocument, request: RunRequest): Promise<Report> {
    const { config, reports, log } = this.#options;
    this.#check(prepared, request.variables);
    const busy = this.#runs.pending >= this.#runs.concurrency;
    if (busy && this.#runs.size >= config.maxQueued) {
      throw new DocumentError(`${this.#runs.size} runs wait already (MAX_QUEUED); try again later`);
    }
    const signal = this.#ending(request.signal);
    const progress = new Progress(request.onProgress, config.heartbeatSeconds);
    if (busy) progress.tell(0, `waits for ${this.#runs.size + this.#runs.pending} other runs`);
    try {
      const report = await inTurn(this.#runs, signal, () =>
        this.#runNow(prepared, { ...request, signal }, progress),
      );
      await reports.add(report).catch((error) => log.warn({ err: error }, "a report can't be kept"));
      return report;
    } finally {
      progress.end();
    }
  }

  /** The document as a script. */
  async toBash(
    prepared: PreparedDocument,
    variables: Record<string, string>,
    signal: AbortSignal,
  ): Promise<string> {
    this.#check(prepared, variables);
    if (this.#conversions.size >= mostConversions) {
      throw new DocumentError(`${mostConversions} conversions wait already; try again later`);
    }
    const chunks: Uint8Array[] = [];
    const ending = this.#ending(signal);
    const call = {
      command: "to-bash" as const,
      variables,
      signal: ending,
      timeoutMs: 30_000,
      onStdout: (chunk: Uint8Array) => chunks.push(chunk),
    };
    const { code } = await inTurn(this.#conversions, ending, () =>
      callIe(prepared, call, this.#options, (end) => end),
    );
    const script = Buffer.concat(chunks).toString("utf8");
    if (code !== 0) throw new DocumentError(`ie to-bash failed: ${script.slice(0, 1000)}`);
    return script;
  }

  /** Ends all runs, and waits until they have ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#runs.onIdle(), this.#conversions.onIdle()]);
  }

  #ending(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal]);
  }

  #check(prepared: PreparedDocument, variables: Record<string, string>): void {
    checkRunnable(prepared);
    const all = [prepared.document, ...prepared.prerequisites.flatMap(({ document }) => document ?? [])];
    const declared = all.flatMap((document) => document.variables.map(({ name }) => name));
    const commands = all.flatMap((document) => document.blocks.map(({ content }) => content));
    checkVariables(variables, { declared, allowed: this.#options.config.allowedVariables, commands });
  }

  async #runNow(prepared: PreparedDocument, request: RunRequest, progress: Progress): Promise<Report> {
    const { config, log } = this.#options;
    const { tool, variables, signal, timeoutSeconds = config.runSeconds } = request;
    const startedAt = new Date();
    const start = performance.now();
    const documents = prepared.prerequisites.flatMap(({ document }) => document ?? []);
    const steps = stepsOf(prepared.document, documents, Object.keys(variables));
    const follower = new BlockFollower(steps, (done, { step, name, status }) =>
      progress.tell(done, `step ${step} (${name}): block ${status}`),
    );
    const limits = { bytes: config.maxOutputBytes, lines: config.maxOutputLines };
    const output = new TerminalOutput(limits, (line) => follower.line(line));
    progress.start(notRun(steps).length);

    const seconds = Math.min(timeoutSeconds, config.runSeconds);
    const call = {
      command: tool === "test_document" ? ("test" as const) : ("execute" as const),
      variables,
      signal,
      timeoutMs: seconds * 1000,
      onStdout: (chunk: Uint8Array) => output.write(chunk),
    };
    return callIe(prepared, call, this.#options, async (end, workspace) => {
      const shown = output.end();
      const tested = tool === "test_document" ? await readTestReport(workspace.report, limits) : undefined;
      const passed = end.ended === "itself" && end.code === 0;
      const blocks = tested?.blocks ?? follower.results(passed);
      const cut = tested === undefined ? shown.cut : tested.cut;
      const report: Report = {
        id: newReportId(startedAt),
        tool,
        document: prepared.name,
        title: prepared.title,
        digest: prepared.digest,
        startedAt: startedAt.toISOString(),
        seconds: Math.round(performance.now() - start) / 1000,
        outcome: end.ended !== "itself" ? end.ended : passed ? "passed" : "failed",
        blocksPassed: blocks.filter(({ status }) => status === "passed").length,
        blocksTotal: blocks.length,
        exitCode: end.code,
        error: passed ? "" : whyFailed(end, seconds, tested?.error || shown.text),
        variables: Object.keys(variables),
        blocks,
        output: tested === undefined ? shown.text : "",
        ...(cut === undefined ? {} : { cut }),
      };
      const { id, document, outcome } = report;
      log.info({ report: id, tool, document, outcome, seconds: report.seconds }, "run ended");
      return report;
    });
  }
}

/** Who is cancelled while it waits makes room at once; who has begun ends by itself. */
function inTurn<T>(queue: PQueue, signal: AbortSignal, begin: () => Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const leave = () => waiting.abort(new DocumentError("it was cancelled before it began"));
  signal.addEventListener("abort", leave, { once: true });
  const turn = () => {
    signal.removeEventListener("abort", leave);
    return begin();
  };
  return queue.add(turn, { signal: waiting.signal });
}

function whyFailed({ ended, code }: ProcessEnd, seconds: number, shown: string): string {
  if (ended === "timed-out") return `it took longer than ${seconds} s`;
  if (ended === "cancelled") return "it was cancelled";
  const error = /(?:^|\n)Error executing scenario: (.*)$/s.exec(shown)?.[1] ?? shown;
  return error.trim() || `ie ended with ${code === null ? "a signal" : `code ${code}`}`;
}
