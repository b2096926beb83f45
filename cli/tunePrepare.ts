import { Command, Option } from "commander";
import { interruptible } from "./interrupt.ts";
import { formats } from "./tunePrepare/format.ts";
import { type PrepareOptions, repeatModes } from "./tunePrepare/prepare.ts";
import { exitCodes } from "./userError.ts";
import { list, size, whole, words } from "./values.ts";

interface Flags {
  out: string;
  format: PrepareOptions["format"];
  system?: string;
  sample?: number;
  seed: number;
  limit?: number;
  ignoreKeys?: string[];
  repeats: PrepareOptions["repeats"];
  maxLine: number;
  maxErrors: number;
  force?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ npm run tune:prepare -- databricks-dolly-15k.jsonl --out train.jsonl
  $ npm run tune:prepare -- dolly.jsonl.gz --out train.jsonl --sample 1000 --seed 7 \\
      --system "You answer briefly." --repeats drop
  $ npm run --silent tune:prepare -- - --out - < dolly.jsonl > train.jsonl

Each line of the input is one JSON object with "instruction" and "response", and
maybe "context" and "category". One wrong line is enough that nothing is written.

Exit codes:
  0    the output is written
  1    the input has problems, or the output could not be written
  2    the command line is wrong, or a file is not there
  130  interrupted; nothing was written`;

/**
 * `mcpaas tune-prepare`: turns records like those of databricks-dolly-15k into what KAITO's tuning reads.
 *
 * @param end is told the exit code
 */
export function tunePrepareCommand(end: (exitCode: number) => void): Command {
  return new Command("tune-prepare")
    .description("Turn JSON Lines with instruction, context and response into what KAITO's tuning reads.")
    .argument("<in>", 'the file to read, plain or gzip; "-" for stdin')
    .requiredOption("-o, --out <file>", 'the file to write, with "json" in its name; "-" for stdout', words)
    .addOption(
      new Option("--format <format>", "form of the records").choices([...formats]).default(formats[0]),
    )
    .option("--system <text>", "a system message for every record", words)
    .option("--sample <number>", "write so many records, chosen by chance, in their order", whole(1))
    .option("--seed <number>", "the same seed chooses the same sample", whole(0), 0)
    .option("--limit <number>", "read the first so many records only", whole(1))
    .option("--ignore-keys <keys>", "keys to leave out, separated by commas; others are errors", list)
    .addOption(
      new Option("--repeats <mode>", "records that were there before: what to do")
        .choices([...repeatModes])
        .default(repeatModes[0]),
    )
    .addOption(
      new Option("--max-line <size>", "the longest line that is allowed")
        .argParser(size())
        .default(2 ** 20, "1MiB"),
    )
    .option("--max-errors <number>", "stop after so many problems", whole(1), 20)
    .option("--force", "replace the output if it exists")
    .option("--json", "print the summary as JSON")
    .addHelpText("after", examples)
    .action(async (input: string, flags: Flags, command: Command) => {
      if (flags.json && flags.out === "-") {
        command.error("error: --json and --out - both want stdout; write to a file instead");
      }
      end(await tunePrepare(input, flags));
    });
}

async function tunePrepare(input: string, flags: Flags): Promise<number> {
  const { run } = await import("./tunePrepare/run.ts");
  const { asJson, asLine, asText, problemsAsJson } = await import("./tunePrepare/summary.ts");
  const { out, ignoreKeys = [], maxLine, force = false } = flags;
  const { name, prepared, figures } = await interruptible((signal) =>
    run(
      { ...flags, input, output: out, force, ignoredKeys: new Set(ignoreKeys), maxLineBytes: maxLine },
      signal,
    ),
  );
  // Where the records go to stdout, what there is to say goes elsewhere.
  const say = out === "-" ? console.error : console.log;
  if (figures) {
    const written = {
      input: name,
      output: out === "-" ? "stdout" : out,
      format: flags.format,
      prepared,
      figures,
      seed: flags.sample === undefined ? undefined : flags.seed,
    };
    say(
      flags.json ? asJson(written) : asText(written, (out === "-" ? process.stderr : process.stdout).columns),
    );
    return exitCodes.ok;
  }
  for (const problem of prepared.problems) {
    console.error(asLine(name, problem));
  }
  const count = prepared.problems.length;
  const more = prepared.stopped ? ", and maybe more (--max-errors)" : "";
  console.error(
    `error: ${count} ${count === 1 ? "problem" : "problems"} in ${name}${more}; nothing was written`,
  );
  if (flags.json) console.log(problemsAsJson(name, prepared));
  return exitCodes.failed;
}
