import { join } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError, createLog, runProgram, startHttpServer } from "@mcpaas/mcp-http";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { readConfig } from "./config.ts";
import { createServices } from "./services.ts";
import { createMcpServer, loadTools } from "./toolbox.ts";

await runProgram("innovation-engine", async () => {
  const config = readConfig({ ...process.env, ...transportFlag(process.argv.slice(2)) });
  // In stdio, standard output is the protocol's.
  const log = createLog("innovation-engine", config.http.logLevel, config.transport === "stdio" ? 2 : 1);
  const tools = await loadTools(join(import.meta.dirname, "tools"));
  const services = await createServices(config, log);
  const create = () => createMcpServer(tools, services);

  if (config.transport === "stdio") {
    const server = create();
    // The client has gone when its end of the pipe is closed.
    process.stdin.once("end", () => process.kill(process.pid, "SIGTERM"));
    await server.connect(new StdioServerTransport());
    return { log, close: () => server.close().then(services.close) };
  }
  const server = await startHttpServer({ config: config.http, log, createMcpServer: create });
  return { log, url: server.url, close: () => server.close().then(services.close) };
});

function transportFlag(args: string[]): { TRANSPORT?: string } {
  try {
    const { values } = parseArgs({ args, options: { transport: { type: "string" } } });
    return values.transport === undefined ? {} : { TRANSPORT: values.transport };
  } catch (error) {
    throw new ConfigError(
      `${(error as Error).message} The one option is --transport http or --transport stdio.`,
    );
  }
}
