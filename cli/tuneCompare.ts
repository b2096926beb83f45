import { styleText } from "node:util";
import { Command, InvalidArgumentError } from "commander";
import { table } from "./table.ts";
import type { Ran, RunOptions } from "./tuneCompare/run.ts";
import { exitCodes, UserError } from "./userError.ts";
import { positive, whole, words } from "./values.ts";
import { visible } from "./visible.ts";

interface Flags extends Omit<RunOptions, "base" | "tuned" | "force"> {
  base: string;
  tuned: string;
  baseModel?: string;
  tunedModel?: string;
  apiKeyEnv?: string;
  baseApiKeyEnv?: string;
  tunedApiKeyEnv?: string;
  force?: boolean;
}

const examples = `
Examples:
  $ npm run tune:compare -- --base http://localhost:8080/v1 \\
      --tuned http://localhost:8081/v1 --prompts prompts.jsonl
  $ npm run tune:compare -- --base http://localhost:8080 --base-model phi-4-mini-instruct \\
      --tuned http://localhost:8080 --tuned-model dolly --prompts held-out.jsonl --out reports

The prompts are JSON Lines with "prompt" or "messages" and maybe "reference", or
what tune-prepare writes, or plain text with one prompt a line. KAITO serves an
adapter under its own name beside its base model: both URLs may be the same.

Exit codes:
  0    both models answered all prompts
  1    some prompts have no answer, the reports say which; or a report could not
       be written
  2    the command line or the prompts are wrong
  4    an endpoint doesn't answer
  130  interrupted; nothing was written`;

/**
 * `mcpaas tune-compare`: asks a base model and a tuned one the same prompts, and reports both side by side.
 *
 * @param end is told the exit code
 */
export function tuneCompareCommand(end: (exitCode: number) => void): Command {
  return new Command("tune-compare")
    .description("Ask a base model and a tuned one the same prompts, and compare answers and speed.")
    .requiredOption("--base <url>", "base URL of the OpenAI-compatible API with the base model", words)
    .requiredOption("--tuned <url>", "the same for the tuned model", words)
    .requiredOption("--prompts <file>", 'the prompts; "-" for stdin', words)
    .option("--base-model <name>", "name of the base model (default: the only one served)", words)
    .option("--tuned-model <name>", "name of the tuned model (default: the only one served)", words)
    .option("--limit <number>", "ask the first so many prompts only", whole(1))
    .option("--system <text>", "a system message for prompts that have none", words)
    .option("--max-tokens <number>", "tokens of an answer at most", whole(1), 512)
    .option("--temperature <number>", "0 for the likeliest answer, up to 2", temperature, 0)
    .option("--concurrency <number>", "prompts under way at a time", whole(1), 1)
    .option("--timeout <seconds>", "time for a complete answer", seconds, 120)
    .option("--retries <number>", "new tries after what may pass: no connection, 429, 5xx", whole(0), 2)
    .option("--api-key-env <name>", "environment variable with the API key for both")
    .option("--base-api-key-env <name>", "the same for the base model alone")
    .option("--tuned-api-key-env <name>", "the same for the tuned model alone")
    .option("-o, --out <folder>", "where tune-compare.md and tune-compare.json go", words, ".")
    .option("--markdown <file>", "another place for the Markdown report", words)
    .option("--report-json <file>", "another place for the JSON report", words)
    .option("--force", "replace reports that exist")
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const { base, tuned, baseModel, tunedModel, force = false, ...options } = flags;
      const { run } = await import("./tuneCompare/run.ts");
      const ran = await run({
        ...options,
        base: {
          url: baseUrl("--base", base),
          model: baseModel,
          apiKey: key(flags.baseApiKeyEnv ?? flags.apiKeyEnv),
        },
        tuned: {
          url: baseUrl("--tuned", tuned),
          model: tunedModel,
          apiKey: key(flags.tunedApiKeyEnv ?? flags.apiKeyEnv),
        },
        force,
      });
      const { figureRows } = await import("./tuneCompare/markdown.ts");
      console.log(summary(ran, figureRows(ran.report)));
      const failed = ran.report.base.failed + ran.report.tuned.failed;
      if (failed > 0) {
        const answers = failed === 1 ? "answer is" : "answers are";
        console.error(`error: ${failed} ${answers} missing; ${ran.markdown} says why`);
      }
      end(failed > 0 ? exitCodes.failed : exitCodes.ok);
    });
}

function summary({ report, markdown, json }: Ran, rows: string[][]): string {
  const { base, tuned, pairs } = report;
  const [head = "", ...lines] = table(
    ["", "base", "tuned"],
    [["model", visible(base.model), visible(tuned.model)], ...rows],
  ).split("\n");
  const closer = pairs.closer;
  return [
    styleText("bold", head),
    ...lines,
    "",
    ...(closer
      ? [`Closer to the reference: base ${closer.base}, tuned ${closer.tuned}, neither ${closer.equal}`]
      : []),
    `The same answer to the letter: ${pairs.identical} of ${pairs.count}`,
    ...(pairs.count > 0 && pairs.identical === pairs.count
      ? ["All answers are the same: is the adapter loaded, and is the model's name the adapter's?"]
      : []),
    `Wrote ${markdown} and ${json}`,
  ].join("\n");
}

/**
 * A base URL, with the path that KAITO's and most others have. It is checked here and not while commander parses,
 * because commander repeats a wrong value, and this one may have a password in it.
 */
function baseUrl(flag: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new UserError(`${flag} must be a URL such as http://localhost:8080/v1`, exitCodes.usage);
  }
  if (url.username || url.password || url.search || url.hash) {
    const why = "URLs are in the reports; keys go by --api-key-env";
    throw new UserError(`${flag} must have no user, query or fragment: ${why}`, exitCodes.usage);
  }
  return `${url.origin}${url.pathname === "/" ? "/v1" : url.pathname.replace(/\/+$/, "")}`;
}

function temperature(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 2)) {
    throw new InvalidArgumentError("It must be a number from 0 to 2.");
  }
  return value;
}

function seconds(text: string): number {
  const value = positive(text);
  if (value > 3600) throw new InvalidArgumentError("It must be at most 3600, an hour.");
  return value;
}

function key(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const value = process.env[name];
  if (!value) {
    throw new UserError(`there is no API key: the environment variable ${name} is not set`, exitCodes.usage);
  }
  return value;
}
