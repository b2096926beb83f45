import { Command, Option } from "commander";
import { exitCodes, UserError } from "./userError.ts";
import { list, positive, words } from "./values.ts";

interface Flags {
  stack: string;
  url?: string;
  inCluster?: boolean;
  email?: string;
  model?: string;
  /** False for --no-tools. */
  tools?: string[] | boolean;
  timeout: number;
  keep?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ npm run chat:ask -- "What are the latest features in AKS?"
  $ npm run chat:ask -- -s prod --tools search "What is new in AKS?"
  $ CHAT_PASSWORD=... npm run --silent chat:ask -- --json \\
      --url https://chat.example.com --email me@example.com "What is AKS?"

Without --url all of it comes from the outputs of the stack. A chat app without a
public address is called through a port that is forwarded meanwhile.

Environment:
  CHAT_PASSWORD        the account's password, with --url or --email
  NODE_EXTRA_CA_CERTS  file with certificates of further authorities

Exit codes:
  0    there is an answer, and nothing was broken on the way to it
  1    there is no answer, or a link is broken: model, tools, sign-in, chat app
  2    the command line is wrong
  130  interrupted; the chat app was told to stop`;

/**
 * `mcpaas chat-ask`: asks a running chat app as a person at its page would, and tells how the answer came about.
 *
 * @param end is told the exit code
 */
export function chatAskCommand(end: (exitCode: number) => void): Command {
  return new Command("chat-ask")
    .description("Ask a running chat app, and print the answer, its sources and the tools that were called.")
    .argument("<question>", "the question, in quotes")
    .option("-s, --stack <name>", "stack whose chat app is asked", words, "dev")
    .option("--url <address>", "address of the chat app's page instead of the stack's", words)
    .option("--in-cluster", "by a forwarded port, although the stack's app has a public address")
    .option("--email <address>", "account to sign in with (default: the stack's administrator)", words)
    .option("--model <name>", "model to ask (default: the chat app's own default)", words)
    .addOption(
      new Option(
        "--tools <names>",
        "MCP servers whose tools may be called, separated by commas (default: those that the page switches on)",
      ).argParser(list),
    )
    .option("--no-tools", "no tools may be called")
    .option("--timeout <seconds>", "how long to wait for all of it", positive, 300)
    .option("--keep", "leave the chat in the account's list, and print where it is")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", examples)
    .action(async (question: string, flags: Flags) => {
      if (question.trim() === "") throw new UserError("the question is empty", exitCodes.usage);
      // The Kubernetes client loads every type of its API: --help and a wrong flag shouldn't wait for it.
      const { run } = await import("./chatAsk/run.ts");
      const { stack, url, inCluster, email, model, tools, timeout, keep, json } = flags;
      const options = {
        question,
        place: { stack, url, inCluster, email },
        model,
        tools: tools === false ? [] : tools === true ? undefined : tools,
        timeoutMs: timeout * 1000,
        keep,
      };
      end((await run(options, json)) ? exitCodes.ok : exitCodes.failed);
    });
}
