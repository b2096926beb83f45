import type { McpGuardArgs, McpGuardLimits } from "../mcpGuard/args.ts";
import { OPERATOR } from "../mcpGuard/operator.ts";
import { stdioLimits } from "../mcpServerDeployment/stdioSessions.ts";
import type { ContainerResources } from "../resources.ts";
import { EXECUTING_TOOLS, type InnovationEngineSettings } from "./settings.ts";

/** For the server, which is a Node program (docs/sizing.md), and the commands of two documents at once. */
export const INNOVATION_ENGINE_RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "192Mi" },
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

/**
 * Memory of the process that a session of a stdio server is, in MiB. Measured: 92 idle and 113 after 20
 * documents, without what all of them share, and without what the documents' own commands take.
 */
const PROCESS_MIB = 128;

/**
 * Limits of this server where nothing is said of it: what its runs need, and how many sessions its memory
 * holds.
 */
export function innovationEngineLimits(
  settings: InnovationEngineSettings & { resources?: ContainerResources },
): McpGuardLimits {
  const { transport = "http", resources = INNOVATION_ENGINE_RESOURCES } = settings;
  return {
    ...(settings.allowExecute ? { callSeconds: callSeconds(settings) } : {}),
    ...stdioLimits({ transport, resources }, PROCESS_MIB),
  };
}

/**
 * What a command needs to sign in with the pod's workload identity, and where Kubernetes is, which the server
 * passes on by itself as long as nobody says otherwise. Sources: servers/innovation-engine/config.ts, and for
 * AZURE_* what the webhook sets,
 * https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html
 */
const SIGN_IN = [
  ...["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"],
  ...["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST"],
];

/** Environment of the server. Source of the names: servers/innovation-engine/config.ts. */
export function innovationEngineEnv(
  settings: InnovationEngineSettings & { workloadIdentityClientId?: unknown },
): Record<string, string> {
  const { transport = "http", allowExecute = false } = settings;
  const given = {
    ALLOW_INLINE: settings.allowInline,
    ALLOWED_VARIABLES: settings.allowedVariables?.join(","),
    RUN_SECONDS: settings.runSeconds,
    MAX_RUNS: settings.maxRuns,
    PASS_ENVIRONMENT: settings.workloadIdentityClientId === undefined ? undefined : SIGN_IN.join(","),
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
  settings: InnovationEngineSettings & { resources?: ContainerResources },
): McpGuardArgs {
  const tools = [...EXECUTING_TOOLS];
  const rules = [
    { effect: "allow" as const, tools, roles: [OPERATOR] },
    { effect: "deny" as const, tools },
  ];
  return {
    ...guard,
    limits: { ...innovationEngineLimits(settings), ...guard.limits },
    authorization: { ...guard.authorization, rules: [...rules, ...(guard.authorization?.rules ?? [])] },
  };
}
