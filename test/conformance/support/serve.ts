import { pino } from "pino";
import { readHttpConfig } from "../../../servers/mcp-http/config.ts";
import type { CreateMcpServer } from "../../../servers/mcp-http/endpoint.ts";
import { startHttpServer } from "../../../servers/mcp-http/server.ts";
import type { Running } from "../fixture/server.ts";

/** Serves an MCP server of this project as its program does, on a free port of 127.0.0.1. */
export function serve(createMcpServer: CreateMcpServer): Promise<Running> {
  const config = readHttpConfig({ HOST: "127.0.0.1", PORT: "0" });
  return startHttpServer({ config, log: pino({ level: "silent" }), createMcpServer });
}
