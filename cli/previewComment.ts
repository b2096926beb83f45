import { Command, InvalidArgumentError } from "commander";
import type { Given } from "./previewComment/run.ts";
import { exitCodes } from "./userError.ts";
import { words } from "./values.ts";

interface Flags {
  key: string;
  commit?: string;
  url?: string;
  without: string[];
  check?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ export PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true
  $ pulumi preview -s dev --json --policy-pack policies > dev.jsonl
  $ npm run --silent preview:comment -- dev=dev.jsonl > comment.md
  $ npm run --silent preview:comment -- dev=dev.jsonl --json > dev.summary.json
  $ npm run --silent preview:comment -- dev=dev.summary.json prod=prod.jsonl

Without PULUMI_ENABLE_STREAMING_JSON_PREVIEW Pulumi leaves out what policies
said, and the comment says that it is unknown. Values of properties are in no
comment and no JSON; what looks like a secret in a message is taken out.

Exit codes:
  0  the comment is printed
  1  it is printed, and with --check a preview in it has failed or was refused
  2  the command line or a file is wrong`;

/**
 * `mcpaas preview-comment`: what a pull request's previews say, as a comment for it.
 *
 * @param end is told the exit code
 */
export function previewCommentCommand(end: (exitCode: number) => void): Command {
  return new Command("preview-comment")
    .description("Say in Markdown what previews of stacks would do: losses, policies, VM sizes, cost.")
    .argument(
      "[stack=file...]",
      'a stack and what "pulumi preview --json" printed; "-" is standard input',
      given,
      [],
    )
    .option("--without <stack>", "a stack whose preview told nothing; can be repeated", without, [])
    .option("--key <name>", "tells several comments on one pull request apart", key, "default")
    .option("--commit <sha>", "the commit that was previewed", words)
    .option("--url <url>", "where the whole output is", url)
    .option("--check", "end with 1 when a preview failed or a policy refused it")
    .option("--json", "print what the comment is made of")
    .addHelpText("after", examples)
    .action(async (previews: Given[], { check, json, without, ...about }: Flags) => {
      // The price table: --help and a wrong flag shouldn't wait for them.
      const { summariesOf } = await import("./previewComment/run.ts");
      const { FORMAT } = await import("./previewComment/summary.ts");
      const { commentOf } = await import("./previewComment/comment.ts");
      const summaries = await summariesOf(previews, without);
      console.log(
        json
          ? JSON.stringify({ format: FORMAT, stacks: summaries }, undefined, 2)
          : commentOf(summaries, about),
      );
      end(check && summaries.some(({ ok }) => !ok) ? exitCodes.failed : exitCodes.ok);
    });
}

function given(text: string, before: Given[]): Given[] {
  const [, stack = "", file = ""] = /^([A-Za-z0-9_.-]{1,100})=(.+)$/.exec(text) ?? [];
  if (stack === "") throw new InvalidArgumentError("It must be a stack and a file, such as dev=dev.jsonl.");
  return [...before, { stack, file }];
}

function without(text: string, before: string[]): string[] {
  return [...before, words(text)];
}

function key(text: string): string {
  if (!/^[a-z0-9-]{1,50}$/.test(text))
    throw new InvalidArgumentError("It must be of small letters, digits and hyphens.");
  return text;
}

function url(text: string): string {
  if (!/^https:\/\/[^\s()<>]+$/.test(text))
    throw new InvalidArgumentError("It must be an address with https.");
  return text;
}
