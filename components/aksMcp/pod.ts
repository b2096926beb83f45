import type { McpGuardArgs, McpGuardLimits } from "../mcpGuard/args.ts";
import { OPERATOR } from "../mcpGuard/operator.ts";
import type { ContainerResources } from "../resources.ts";
import type { AksMcpComponent } from "./upstream.ts";

/** What upstream's chart gives it (chart/values.yaml, v0.0.19); not measured here. */
export const AKS_MCP_RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
};

/**
 * Its flags. It listens in the pod alone, so that only the guard reaches it, and answers to the Host header
 * that the guard's requests have. Source: internal/config/config.go and
 * internal/server/httpsecurity/host_origin.go.
 */
export function aksMcpFlags(port: number, components: readonly AksMcpComponent[], seconds: number): string[] {
  return [
    ...["--transport", "streamable-http", "--host", "127.0.0.1", "--port", String(port)],
    ...["--allowed-host", "127.0.0.1", "--access-level", "readonly"],
    ...["--enabled-components", components.join(","), "--timeout", String(seconds)],
  ];
}

/**
 * Its environment. The Azure CLI, which it starts, would write into its home in the image; it has extensions
 * there that it goes on to find. Neither reports to Microsoft, to whom no way is open.
 */
export const AKS_MCP_ENV = {
  AZURE_CONFIG_DIR: "/tmp/.azure",
  AZURE_EXTENSION_DIR: "/home/mcp/.azure/cliextensions",
  AZURE_CORE_COLLECT_TELEMETRY: "false",
  AKS_MCP_COLLECT_TELEMETRY: "false",
} as const;

/**
 * Its limits where nothing is said of it: as long as a command may take and a little more, and few calls at
 * once, because each of the Azure CLI is a process of its own.
 *
 * @param seconds how long a command may take
 */
export function aksMcpLimits(seconds: number): McpGuardLimits {
  return { concurrency: 4, callSeconds: seconds + 5 };
}

/**
 * Its guard. To upstream a call is worth a shell with the server's identity, so that callers need a role
 * unless somebody says who else may.
 */
export function aksMcpGuard(guard: Omit<McpGuardArgs, "search" | "sse">, seconds: number): McpGuardArgs {
  return {
    ...guard,
    limits: { ...aksMcpLimits(seconds), ...guard.limits },
    authorization: guard.authorization ?? {
      default: "deny",
      rules: [{ effect: "allow", tools: ["*"], roles: [OPERATOR] }],
    },
  };
}
