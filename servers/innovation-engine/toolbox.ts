import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError } from "@mcpaas/mcp-http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { answer, type Services, type Tool } from "./tool.ts";

/** Loads each file of a folder as a tool, in the order of their names; throws a `ConfigError` for what is none. */
export async function loadTools(folder: string): Promise<Tool[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts")).sort();
  const tools: Tool[] = [];
  for (const file of files) {
    const module: { default?: Tool } = await import(pathToFileURL(join(folder, file)).href);
    const tool = module.default;
    if (typeof tool?.call !== "function" || !/^[a-z][a-z_]{0,63}$/.test(tool.name)) {
      throw new ConfigError(
        `tools/${file} must export a tool as its default, with a name such as list_catalogue`,
      );
    }
    const other = tools.findIndex(({ name }) => name === tool.name);
    if (other !== -1)
      throw new ConfigError(`tools/${file} and tools/${files[other]} are both called ${tool.name}`);
    tools.push(tool);
  }
  return tools;
}

/** Makes the MCP server of one session, with those of the tools that the settings allow. */
export function createMcpServer(tools: readonly Tool[], services: Services): McpServer {
  const server = new McpServer(
    { name: "innovation-engine", version: "0.1.0" },
    { instructions: instructionsFor(services) },
  );
  for (const tool of tools.filter(({ executes }) => services.config.allowExecute || !executes)) {
    const { name, title, description, input, output, annotations } = tool;
    const definition = { title, description, inputSchema: input, outputSchema: output, annotations };
    server.registerTool(
      name,
      definition,
      async (args: Record<string, unknown>, { signal, _meta, sendNotification }) => {
        const progressToken = _meta?.progressToken;
        const called = await tool.call(args, {
          ...services,
          signal,
          progress({ done, total, message }) {
            if (progressToken === undefined || signal.aborted) return;
            const params = { progressToken, progress: done, total, message };
            // The caller may be gone; the run is not the worse for it.
            void sendNotification({ method: "notifications/progress", params }).catch(() => {});
          },
        });
        return answer(tool, called);
      },
    );
  }
  return server;
}

function instructionsFor({ config }: Services): string {
  const documents = "Executable documents are Markdown whose fenced blocks are commands. Find one with";
  const reading = `${documents} search_catalogue or list_catalogue, and see what it does with inspect_document.`;
  return config.allowExecute
    ? `${reading} Inspect a document before you execute or test it: both really run its commands.`
    : `${reading} This server is read-only: it executes nothing.`;
}
