import { pino } from "pino";
import { createMcpServer as createEcho } from "../../../servers/echo/tools.ts";
import { checkConfig } from "../../../servers/guard/config.ts";
import { startGuard } from "../../../servers/guard/server.ts";
import { readHttpConfig } from "../../../servers/mcp-http/config.ts";
import type { CreateMcpServer } from "../../../servers/mcp-http/endpoint.ts";
import { startHttpServer } from "../../../servers/mcp-http/server.ts";
import { type Running, startFixture } from "../fixture/server.ts";

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

/** The same behind the guard, of which nothing more is expected to fail. */
function guarded(target: Target): Target {
  return { ...target, name: `${target.name} behind the guard`, start: () => startBehindGuard(target) };
}

async function startBehindGuard(target: Target): Promise<Running> {
  const server = await target.start();
  const config = checkConfig({
    server: target.name,
    listen: { host: "127.0.0.1", port: 0, allowedHosts: ["127.0.0.1"] },
    management: { host: "127.0.0.1", port: 0 },
    upstream: { url: server.url.href },
    // The suite can't bring a token; how callers are told apart is tested with the guard.
    authentication: { none: "anyone-may-call" },
  });
  const guard = await startGuard(config, { log: pino({ level: "silent" }), write: () => {} });
  return {
    url: guard.url,
    close: async () => {
      await guard.close();
      await server.close();
    },
  };
}

/** A server of this project as its program starts it. */
function serve(createMcpServer: CreateMcpServer): Promise<Running> {
  const config = readHttpConfig({ HOST: "127.0.0.1", PORT: "0" });
  return startHttpServer({ config, log: pino({ level: "silent" }), createMcpServer });
}
