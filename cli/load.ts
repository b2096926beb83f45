import { Command } from "commander";
import { exitCodes, UserError } from "./userError.ts";
import { duration, positive, whole, words } from "./values.ts";

interface Flags {
  url: string;
  rps?: number;
  duration?: number;
  sessions: number;
  tool: string;
  arguments?: string;
  expect?: string;
  tokenFile?: string;
  header?: string[];
  ca?: string;
  timeout: number;
  maxWaiting: number;
  findKnee?: boolean;
  start: number;
  factor: number;
  maxRps: number;
  p99?: number;
  errors: number;
  out?: string;
  force?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** What the default tool is called with, and says: the echo server's. */
const echo = { tool: "echo", arguments: '{"message":"load"}', expect: "load" };
/** A p99 above this is no good any more, where the knee is looked for and nothing else is said. */
const kneeP99Ms = 250;
const kneeStepSeconds = 10;
const runSeconds = 30;
/** What one process can begin, and keep in memory. */
const most = { rps: 20_000, calls: 2_000_000, seconds: 4 * 3600, sessions: 10_000 };

const examples = `
Examples:
  $ npm run load -- --url http://localhost:3000/mcp --rps 200 --duration 60s
  $ npm run load -- --url http://localhost:3000/mcp --find-knee --sessions 50
  $ npm run load -- --url http://localhost:3000/mcp --rps 5 --tool search \\
      --arguments '{"query": "aks"}' --expect aks --p99 2000

Calls begin at the rate that is asked for, whether or not earlier ones were
answered, and are timed from when they were due. docs/load.md says how to read
the figures, and what the JSON has.

Environment:
  MCP_TOKEN            bearer token, where --token-file names none
  NODE_EXTRA_CA_CERTS  file with certificates of further authorities, as --ca

Exit codes:
  0    errors and p99 stayed within --errors and --p99, or a knee was looked for
  1    they didn't, the first rate was too much already, or nothing could be called
  2    the command line is wrong, or the address is public and --yes is missing
  130  interrupted; the figures so far are printed and written`;

/**
 * `mcpaas load`: calls a tool of an MCP server at a rate, or finds the rate that it can take.
 *
 * @param end is told the exit code
 */
export function loadCommand(end: (exitCode: number) => void): Command {
  return new Command("load")
    .description("Put load on an MCP server, and say how fast it answers, what fails and which limits bite.")
    .requiredOption("--url <url>", "address of the MCP endpoint", words)
    .option("--rps <number>", "calls a second that are begun", positive)
    .option("--duration <time>", "how long, such as 90s or 5m; with --find-knee of each step", duration)
    .option("--sessions <count>", "sessions of MCP that calls take turns in", whole(1), 10)
    .option("--tool <name>", "tool to call", words, echo.tool)
    .option("--arguments <json>", `its arguments as a JSON object (default: ${echo.arguments} for echo)`)
    .option("--expect <text>", "text that every result must have", words)
    .option("--find-knee", "step the rate up until p99 or errors pass their limit")
    .option("--start <number>", "first rate of --find-knee", positive, 20)
    .option("--factor <number>", "how many times the rate of the step before the next one has", positive, 1.5)
    .option("--max-rps <number>", "highest rate of --find-knee", positive, 2000)
    .option("--p99 <ms>", `the most that p99 may be (default: ${kneeP99Ms} with --find-knee)`, positive)
    .option("--errors <percent>", "the most calls that may be wrong", percentage, 1)
    .option("--timeout <seconds>", "how long to wait for an answer", positive, 10)
    .option("--max-waiting <count>", "calls that may wait for answers; more are not sent", whole(1), 1000)
    .option("--token-file <file>", "file with the bearer token (default: the variable MCP_TOKEN)", words)
    .option("--header <name=value>", "a further HTTP header; may be repeated", append)
    .option("--ca <file>", "certificates of authorities to trust besides the usual ones, as PEM", words)
    .option("--out <name>", "name of the files .json and .png (default: the time, in load/)", words)
    .option("--force", "replace files of that name")
    .option("--yes", "the address is public, and the load is meant for it")
    .option("--json", "print the report as JSON instead of text")
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const { findKnee = false, sessions, tool } = flags;
      if (!findKnee && flags.rps === undefined) throw usage("--rps is missing, or --find-knee");
      if (findKnee && flags.rps !== undefined)
        throw usage("--rps and --find-knee exclude each other; see --start");
      if (flags.factor <= 1) throw usage("--factor must be above 1");
      if (findKnee && flags.start > flags.maxRps) throw usage("--start is above --max-rps");
      const isEcho = tool === echo.tool && flags.arguments === undefined;
      const seconds = flags.duration ?? (findKnee ? kneeStepSeconds : runSeconds);
      const top = findKnee ? flags.maxRps : (flags.rps ?? 0);
      for (const [name, value, limit] of [
        [findKnee ? "--max-rps" : "--rps", top, most.rps],
        ["--duration in seconds", seconds, most.seconds],
        ["--sessions", sessions, most.sessions],
        ["rate times duration", top * seconds, most.calls],
      ] as const) {
        if (value > limit) throw usage(`${name} is ${value}; at most ${limit} is allowed`);
      }
      // The HTTP client and the charts are only needed now: --help shouldn't wait for them.
      const { run } = await import("./load/run.ts");
      const { url, tokenFile, header: headers = [], ca, maxWaiting, out, force, yes, json } = flags;
      const ok = await run({
        ...{ url, tokenFile, headers, ca, sessions, seconds, maxWaiting, tool, out, force, yes, json },
        args: flags.arguments ?? (isEcho ? echo.arguments : "{}"),
        expected: flags.expect ?? (isEcho ? echo.expect : undefined),
        timeoutMs: flags.timeout * 1000,
        limits: { p99Ms: flags.p99 ?? (findKnee ? kneeP99Ms : undefined), errors: flags.errors / 100 },
        rate: findKnee
          ? { start: flags.start, factor: flags.factor, max: flags.maxRps }
          : (flags.rps as number),
      });
      end(ok ? exitCodes.ok : exitCodes.failed);
    });
}

function append(text: string, before: string[] = []): string[] {
  return [...before, text];
}

function percentage(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 100)) throw usage("--errors must be from 0 to 100");
  return value;
}

function usage(message: string): UserError {
  return new UserError(message, exitCodes.usage);
}
