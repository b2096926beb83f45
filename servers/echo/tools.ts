import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";

/** Makes the MCP server of one session. */
export function createMcpServer(): McpServer {
  const server = new McpServer({ name: "echo", version: "0.1.0" });
  server.registerTool(
    "echo",
    {
      title: "Echo",
      description: "Says back what it is told. Proves that a call gets to a tool and its answer back.",
      inputSchema: { message: z.string().describe("What to say back") },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ message }) => ({ content: [{ type: "text", text: `Echo: ${message}` }] }),
  );
  return server;
}
