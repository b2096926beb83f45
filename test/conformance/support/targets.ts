import { createMcpServer as createEcho } from "../../../servers/echo/tools.ts";
import { type Running, startFixture } from "../fixture/server.ts";
import { startBehindGuard } from "./guard.ts";
import { startInnovationEngine } from "./innovationEngine.ts";
import { serve } from "./serve.ts";

/** A server whose conformance is judged. */
export interface Target {
  name: string;
  start: () => Promise<Running>;
  /** The file with what it is expected to fail at. */
  baseline: string;
  /** A tool of it with arguments, and what the answer has in it. */
  call: { tool: string; args: string[]; answer: string };
}

const bare: Target[] = [
  {
    name: "fixture",
    start: startFixture,
    baseline: "none.yml",
    call: { tool: "test_simple_text", args: [], answer: "This is a simple text response for testing." },
  },
  {
    name: "echo",
    start: () => serve(createEcho),
    baseline: "tools.yml",
    call: { tool: "echo", args: ["message=hi"], answer: "Echo: hi" },
  },
  {
    name: "innovation-engine",
    start: startInnovationEngine,
    baseline: "tools.yml",
    call: { tool: "list_catalogue", args: ["limit=1"], answer: "problems" },
  },
];

/** Each server, and the guard before each: it adds nothing to what a server is expected to fail at. */
export const targets: readonly Target[] = bare.flatMap((target) => [target, guarded(target)]);

/** The suite can't bring a token; how callers are told apart is tested with the guard. */
function guarded({ name, start, ...target }: Target): Target {
  const settings = { server: name, authentication: { none: "anyone-may-call" } };
  return { ...target, name: `${name} behind the guard`, start: () => startBehindGuard(start, settings) };
}
