import type { McpGuardArgs, McpGuardLimits } from "../mcpGuard/args.ts";
import { DEFAULT_RESOURCES } from "./pod.ts";

/** What decides how many sessions a stdio server can have. */
export interface SessionsPlace {
  transport: string;
  /** @default - those of any MCP server */
  resources?: { limits: { memory: string } };
}

/** KMCP's gateway, a small native program; an estimate, and not a measure. */
const GATEWAY_MIB = 32;

/**
 * Memory of a server's process where nothing else is known, in MiB: what a Node server with the MCP SDK holds
 * for itself (92 idle; the files that all of them share come on top once).
 */
const PROCESS_MIB = 96;

/**
 * How many sessions a stdio server may have: KMCP's gateway starts a process for each, all in the memory of
 * one container, and what is too much ends them all. One process is left to the guard, which asks from time
 * to time whether the server is ready.
 *
 * @param memory the container's limit, a Kubernetes quantity; another text is reported where the pod is made
 * @param processMiB what a process needs, in MiB
 * @returns at least 1
 */
export function stdioSessions(memory: string, processMiB = PROCESS_MIB): number {
  const fitting = Math.floor((mebibytes(memory) - GATEWAY_MIB) / processMiB) - 1;
  return Math.min(Math.max(fitting, 1), MOST);
}

/** The limits that a server has because it is a stdio server; none for others. */
export function stdioLimits(
  { transport, resources = DEFAULT_RESOURCES }: SessionsPlace,
  processMiB?: number,
): Pick<McpGuardLimits, "sessions"> {
  return transport === "stdio" ? { sessions: stdioSessions(resources.limits.memory, processMiB) } : {};
}

/** The guard of a server, whose own limits come before these. */
export function withStdioLimits(guard: McpGuardArgs, server: SessionsPlace): McpGuardArgs {
  return server.transport === "stdio"
    ? { ...guard, limits: { ...stdioLimits(server), ...guard.limits } }
    : guard;
}

/** What the guard has for any server. Source: servers/guard/config/schema.ts. */
const MOST = 1000;

const FACTORS: Record<string, number> = { "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };

function mebibytes(quantity: string): number {
  const [, number, prefix = "", binary] = /^(\d+(?:\.\d+)?)(m|[kKMGTPE])?(i)?$/.exec(quantity) ?? [];
  if (number === undefined) return 0;
  const factor = binary ? 1024 ** ("KMGTPE".indexOf(prefix) + 1) : (FACTORS[prefix] ?? 0);
  return (Number(number) * factor) / 1024 ** 2;
}
