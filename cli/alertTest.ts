import { Command } from "commander";
import { exitCodes } from "./userError.ts";
import { list, positive, words } from "./values.ts";

interface Flags {
  stack: string;
  actionGroup?: string;
  receiver?: string[];
  timeout: number;
  json?: boolean;
}

const examples = `
Examples:
  $ npm run alert:test
  $ npm run alert:test -- -s prod --receiver on-call,teams
  $ npm run --silent alert:test -- --json
  $ npm run alert:test -- --action-group /subscriptions/.../actionGroups/ag-prod-critical

Azure itself sends the notifications, and says what became of them. It takes a
few tests an hour; e-mail counts as delivered when the next mail server has it.

Exit codes:
  0    every receiver that was tested confirmed
  1    one didn't, or the test couldn't be sent
  2    the command line is wrong
  4    Azure could not be asked
  130  interrupted; what is under way still arrives`;

/**
 * `mcpaas alert-test`: sends a test notification through each receiver of a stack's alerts.
 *
 * @param end is told the exit code
 */
export function alertTestCommand(end: (exitCode: number) => void): Command {
  return new Command("alert-test")
    .description("Send a test notification to each receiver of alerts, and say which ones confirmed it.")
    .option("-s, --stack <name>", "stack whose receivers are tested", words, "dev")
    .option("--action-group <id>", "ARM id of an action group instead of the stack's", words)
    .option("--receiver <names>", "only these receivers, separated by commas (default: all)", list)
    .option("--timeout <seconds>", "how long to wait for all of it", positive, 300)
    .option("--json", "print JSON instead of text")
    .addHelpText("after", examples)
    .action(async ({ stack, actionGroup, receiver, timeout, json }: Flags) => {
      // Azure's SDK takes a second to load: --help and a wrong flag shouldn't wait for it.
      const { run } = await import("./alertTest/run.ts");
      const options = { stack, actionGroup, receivers: receiver, timeoutMs: timeout * 1000 };
      end((await run(options, json)) ? exitCodes.ok : exitCodes.failed);
    });
}
