import { Command, InvalidArgumentError } from "commander";
import { exitCodes } from "./userError.ts";

interface Flags {
  namespace?: string;
  kubeconfig?: string;
  context?: string;
  json?: boolean;
  save?: string;
  from?: string;
  timeout: number;
}

const examples = `
Examples:
  $ npm run diagnose
  $ npm run diagnose -- workspace/phi-4-mini-instruct -n models
  $ pulumi stack output kubeconfig --show-secrets -s dev | npm run diagnose -- --kubeconfig -
  $ npm run --silent diagnose -- --json --save platform.json

Exit codes:
  0  everything that was looked at is ready
  1  something isn't; the output says why
  2  the command line is wrong, or the cluster can't be reached or read`;

/**
 * `mcpaas diagnose`: why a model, a tuning job, a RAG engine or an MCP server isn't ready.
 *
 * @param end is told the exit code
 */
export function diagnoseCommand(end: (exitCode: number) => void): Command {
  return new Command("diagnose")
    .description("Say why models, tuning jobs, RAG engines and MCP servers of a cluster aren't ready.")
    .argument(
      "[kind/name]",
      "workspace, tuning, inferenceset, ragengine, mcpserver or component and its name (default: everything)",
    )
    .option("-n, --namespace <name>", "only this namespace (default: all)")
    .option(
      "--kubeconfig <file>",
      'kubeconfig, "-" for standard input (default: KUBECONFIG or ~/.kube/config)',
    )
    .option("--context <name>", "context of the kubeconfig (default: its current one)")
    .option("--timeout <seconds>", "how long each request may take", seconds, 15)
    .option("--save <file>", "also save what was read; it has no secrets in it")
    .option("--from <file>", "judge what was saved, and ask no cluster")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", examples)
    .action(async (subject: string | undefined, flags: Flags, command: Command) => {
      if (flags.from !== undefined && (flags.kubeconfig ?? flags.context ?? flags.save) !== undefined) {
        command.error("error: --from can't be used with --kubeconfig, --context or --save");
      }
      // The client loads every type of the Kubernetes API: --help and a wrong flag shouldn't wait for it.
      const { judge, observe } = await import("./diagnose/run.ts");
      const { asJson, asText } = await import("./diagnose/print.ts");
      const { readSnapshot, saveSnapshot } = await import("./diagnose/snapshot.ts");
      const options = { ...flags, subject, timeoutSeconds: flags.timeout };
      const snapshot =
        flags.from === undefined ? await observe(flags.kubeconfig, options) : await readSnapshot(flags.from);
      if (flags.save !== undefined) await saveSnapshot(flags.save, snapshot);
      const report = judge(snapshot, options);
      console.log(flags.json ? asJson(report) : asText(report, process.stdout.columns));
      end(report.ready ? exitCodes.ok : exitCodes.failed);
    });
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600))
    throw new InvalidArgumentError("It must be a number of seconds, 600 at most.");
  return value;
}
