import { Command, Option } from "commander";
import { exitCodes, UserError } from "./userError.ts";
import { positive, words } from "./values.ts";

interface Flags {
  transport?: "http" | "sse" | "stdio";
  tokenFile?: string;
  header?: string[];
  arg?: string[];
  timeout: number;
  ca?: string;
  prompts?: boolean;
  resources?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ npm run mcp -- http://localhost:3000/mcp
  $ npm run mcp -- http://localhost:3000/mcp echo '{"message": "hello"}'
  $ npm run mcp -- http://localhost:3000/mcp echo --arg message=hello
  $ npm run --silent mcp -- https://mcp.example.com/mcp search --arg query=aks \\
      --token-file token --json
  $ npm run mcp -- --transport stdio echo --arg message=hello -- node server.ts

A server in a cluster is called through a port that kubectl forwards:
  $ kubectl -n mcp port-forward service/echo 3000:3000

Environment:
  MCP_TOKEN            bearer token, where --token-file names none
  NODE_EXTRA_CA_CERTS  file with certificates of further authorities, as --ca

Exit codes:
  0    the list was printed, or the tool did what it was asked
  1    the tool reports an error, or the server can't be reached or refuses
  2    the command line is wrong: no such tool, arguments that don't fit it
  130  interrupted; the server was told to cancel the call`;

/**
 * `mcpaas mcp`: lists the tools of an MCP server, or calls one.
 *
 * @param end is told the exit code
 */
export function mcpCommand(end: (exitCode: number) => void): Command {
  return (
    new Command("mcp")
      .description("List the tools of an MCP server, or call one.")
      .usage(`[options] <url> [tool] [arguments]
       mcpaas mcp --transport stdio [options] [tool] [arguments] -- <command>`)
      .argument("[url]", "address of the MCP endpoint; none with --transport stdio")
      .argument("[tool]", "tool to call (default: list the tools)")
      // As many words as a command of --transport stdio has; `split` tells them from those before.
      .argument("[arguments...]", 'its arguments as a JSON object; "-" for standard input')
      .addOption(
        new Option(
          "--transport <kind>",
          "http is streamable HTTP; stdio starts what follows -- (default: http; sse for a URL that ends in /sse)",
        ).choices(["http", "sse", "stdio"]),
      )
      .option("--token-file <file>", "file with the bearer token (default: the variable MCP_TOKEN)", words)
      .option("--header <name=value>", "a further HTTP header; may be repeated", append)
      .option("--arg <name=value>", "an argument of the tool instead of JSON; may be repeated", append)
      .option("--timeout <seconds>", "how long to wait for an answer, or for progress", positive, 60)
      .option("--ca <file>", "certificates of authorities to trust besides the usual ones, as PEM", words)
      .option("--prompts", "list the prompts")
      .option("--resources", "list the resources")
      .option("--json", "print JSON instead of text")
      .addHelpText("after", examples)
      .action(async (_url, _tool, _arguments, flags: Flags, command: Command) => {
        const { before, after } = split(command);
        const stdio = flags.transport === "stdio";
        if (!stdio && after.length > 0) throw usage("a command after -- is for --transport stdio");
        const [tool, text, ...excess] = stdio ? before : before.slice(1);
        if (excess.length > 0) {
          throw usage(`"${excess[0]}" is too much; quote JSON that has blanks in it: '{"name": "value"}'`);
        }
        if (tool !== undefined && (flags.prompts || flags.resources)) {
          throw usage("--prompts and --resources list; they can't be used with a tool");
        }
        // The SDK loads its schemas: --help and a wrong flag shouldn't wait for it.
        const { run } = await import("./mcp/run.ts");
        const { transport, tokenFile, header = [], arg = [], ca, timeout, ...printing } = flags;
        const ok = await run({
          place: {
            transport,
            url: stdio ? undefined : before[0],
            command: after,
            tokenFile,
            headers: header,
            ca,
          },
          call: tool === undefined ? undefined : { tool, text, pairs: arg },
          timeoutMs: timeout * 1000,
          ...printing,
        });
        end(ok ? exitCodes.ok : exitCodes.failed);
      })
  );
}

/** The words before `--` and those after it, which commander has joined. */
function split(command: Command): { before: string[]; after: string[] } {
  // What was typed; commander's types leave it out.
  const { rawArgs } = command.parent as unknown as { rawArgs: string[] };
  const mark = rawArgs.indexOf("--");
  const after = mark < 0 ? [] : rawArgs.slice(mark + 1);
  return { before: command.args.slice(0, command.args.length - after.length), after };
}

function append(text: string, before: string[] = []): string[] {
  return [...before, text];
}

function usage(message: string): UserError {
  return new UserError(message, exitCodes.usage);
}
