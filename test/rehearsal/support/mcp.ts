import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { shellEnvironment } from "../../../rehearsal/shell.ts";
import { repository } from "../../../rehearsal/workspace.ts";
import type { Stage } from "./stage.ts";

/** What `mcpaas mcp --json` printed, and how it ended. */
export interface Answer {
  exitCode: number | undefined;
  json: {
    tools?: { name: string }[];
    content?: { type: string; text: string }[];
    structuredContent?: Record<string, unknown>;
  };
  stderr: string;
}

/** Talks to an MCP server of the stage by its address in the cluster, as a program that runs there would. */
export async function mcp(stage: Stage, server: string, token: string, ...words: string[]): Promise<Answer> {
  return await mcpAt(stage, `http://${server}.mcp.svc.cluster.local:3000/mcp`, token, ...words);
}

/** Talks to an MCP server at any address. */
export async function mcpAt(stage: Stage, url: string, token: string, ...words: string[]): Promise<Answer> {
  const command = [join(repository, "cli", "mcpaas.ts"), "mcp", "--json", url, ...words];
  const { exitCode, stdout, stderr } = await execa(process.execPath, command, {
    env: { ...shellEnvironment(stage.running), MCP_TOKEN: token },
    reject: false,
  });
  return { exitCode, stderr, json: stdout.startsWith("{") ? JSON.parse(stdout) : {} };
}

/** The tokens of the callers of each server, as `pulumi stack output` tells them. */
export async function tokensOf(stage: Stage): Promise<Record<string, Record<string, string>>> {
  const { running } = stage;
  const args = ["stack", "output", "mcpTokens", "--json", "--show-secrets", "-s", running.environment.stack];
  const { stdout } = await execa("pulumi", args, { cwd: running.project, env: running.env });
  return JSON.parse(stdout);
}

/** The lines that a container of a server's pods has written, those that are JSON. */
export async function linesOf(
  stage: Stage,
  server: string,
  container: string,
): Promise<Record<string, unknown>[]> {
  const logs = join(stage.running.dir, "logs");
  const files = (await readdir(logs)).filter(
    (name) => name.startsWith(`pod-mcp-${server}-`) && name.endsWith(`-${container}.log`),
  );
  const texts = await Promise.all(files.map((file) => readFile(join(logs, file), "utf8")));
  return texts
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

/** A path of the management port of a server's guard, through the API server. */
export async function management(stage: Stage, server: string, path: string): Promise<string> {
  const selector = `app.kubernetes.io/name=${server}`;
  const { items } = await stage.get<{ items: { metadata: { name: string } }[] }>(
    ...["pods", "-n", "mcp", "-l", selector],
  );
  const pod = items[0]?.metadata.name;
  return await stage.kubectl("get", "--raw", `/api/v1/namespaces/mcp/pods/${pod}:9464/proxy${path}`);
}
