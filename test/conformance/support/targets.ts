import { pino } from "pino";
import { createMcpServer as createEcho } from "../../../servers/echo/tools.ts";
import { readHttpConfig } from "../../../servers/mcp-http/config.ts";
import type { CreateMcpServer } from "../../../servers/mcp-http/endpoint.ts";
import { startHttpServer } from "../../../servers/mcp-http/server.ts";
import { type Running, startFixture } from "../fixture/server.ts";
import { startBehindGuard } from "./guard.ts";

/** A server whose conformance is judged. */
export interface Target {
  name: string;
  start: () => Promise<Running>;
  /** The file with what it is expected to fail at. */
  baseline: string;
  /** A tool of it with arguments, and what the answer has in it. */
  call: { tool: string; args: string[]; answer: string };
}

const fixture: Target = {
  name: "fixture",
  start: startFixture,
  baseline: "none.yml",
  call: { tool: "test_simple_text", args: [], answer: "This is a simple text response for testing." },
};

const echo: Target = {
  name: "echo",
  start: () => serve(createEcho),
  baseline: "echo.yml",
  call: { tool: "echo", args: ["message=hi"], answer: "Echo: hi" },
};

export const targets: readonly Target[] = [fixture, guarded(fixture), echo, guarded(echo)];

/**
 * The same behind the guard, of which nothing more is expected to fail. The suite can't bring a token; how callers are
 * told apart is tested with the guard.
 */
function guarded({ name, start, ...target }: Target): Target {
  const settings = { server: name, authentication: { none: "anyone-may-call" } };
  return { ...target, name: `${name} behind the guard`, start: () => startBehindGuard(start, settings) };
}

/** A server of this project as its program starts it. */
export function serve(createMcpServer: CreateMcpServer): Promise<Running> {
  const config = readHttpConfig({ HOST: "127.0.0.1", PORT: "0" });
  return startHttpServer({ config, log: pino({ level: "silent" }), createMcpServer });
}
