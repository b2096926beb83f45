import type { McpGuardArgs } from "../mcpGuard/args.ts";
import type { ContainerResources } from "../resources.ts";
import { EXECUTING_TOOLS, type InnovationEngineSettings, OPERATOR } from "./settings.ts";

/** For the server, which is a Node program, and the commands of two documents at once. */
export const INNOVATION_ENGINE_RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};

/**
 * How the image starts the server; KMCP's gateway has to be told. Source:
 * servers/innovation-engine/Dockerfile.
 */
export const STDIO_PROGRAM = { command: "node", args: ["/app/innovation-engine/main.ts"] };

/** What the server itself takes for a run. Source: servers/innovation-engine/config.ts. */
const RUN_SECONDS = 900;

/** How long a call may take: a run, and some time in the queue before it. In seconds. */
export function callSeconds({ allowExecute, runSeconds = RUN_SECONDS }: InnovationEngineSettings): number {
  return allowExecute ? Math.min(runSeconds + 60, 86_400) : 60;
}

/** Environment of the server. Source of the names: servers/innovation-engine/config.ts. */
export function innovationEngineEnv(settings: InnovationEngineSettings): Record<string, string> {
  const { transport = "http", allowExecute = false } = settings;
  const given = {
    ALLOW_INLINE: settings.allowInline,
    ALLOWED_VARIABLES: settings.allowedVariables?.join(","),
    RUN_SECONDS: settings.runSeconds,
    MAX_RUNS: settings.maxRuns,
  };
  return {
    TRANSPORT: transport,
    ALLOW_EXECUTE: String(allowExecute),
    ...Object.fromEntries(
      Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    ),
  };
}

/** Its guard: who executes needs a role, whatever else holds; the first rule that matches decides. */
export function innovationEngineGuard(
  guard: Omit<McpGuardArgs, "search" | "sse">,
  settings: InnovationEngineSettings,
): McpGuardArgs {
  const tools = [...EXECUTING_TOOLS];
  const rules = [
    { effect: "allow" as const, tools, roles: [OPERATOR] },
    { effect: "deny" as const, tools },
  ];
  return {
    ...guard,
    limits: { callSeconds: callSeconds(settings), ...guard.limits },
    authorization: { ...guard.authorization, rules: [...rules, ...(guard.authorization?.rules ?? [])] },
  };
}
