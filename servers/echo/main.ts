import { createLog, readHttpConfig, runProgram, startHttpServer } from "@mcpaas/mcp-http";
import { createMcpServer } from "./tools.ts";

await runProgram("echo", async () => {
  const config = readHttpConfig(process.env);
  const log = createLog("echo", config.logLevel);
  const server = await startHttpServer({ config, log, createMcpServer });
  return { ...server, log };
});
