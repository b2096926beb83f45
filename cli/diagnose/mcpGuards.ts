import type { Cluster } from "./cluster.ts";
import { containersOf } from "./podState.ts";
import type { Reader } from "./reader.ts";
import { readinessOf } from "./readiness.ts";
import { redact } from "./redact.ts";
import type { Subject } from "./subject.ts";

/** Name of the guard's container. Source: components/mcpGuard/sidecar.ts. */
export const GUARD = "guard";

/** Its port of /readyz. Source: MANAGEMENT_PORT in components/mcpGuard/config.ts. */
const MANAGEMENT_PORT = 9464;

/** A pod whose guard runs and isn't ready. */
export interface WaitingGuard {
  namespace: string;
  pod: string;
}

export function guardsWorthAsking(cluster: Cluster, subjects: readonly Subject[]): WaitingGuard[] {
  return subjects
    .filter((subject) => subject.role === "mcp" && readinessOf(cluster, subject).state === "not ready")
    .flatMap(containersOf)
    .filter(({ status }) => status.name === GUARD && status.state?.running && !status.ready)
    .map(({ pod: { metadata } }) => ({ namespace: metadata.namespace ?? "", pod: metadata.name }));
}

/** Why it isn't ready, by itself; nothing when it can't be asked. */
export async function askGuard(
  reader: Reader,
  { namespace, pod }: WaitingGuard,
): Promise<string | undefined> {
  const place = { namespace, pod, port: MANAGEMENT_PORT };
  const answer = await reader.askPod(place, "/readyz", { method: "GET" });
  if (!answer.ok) return undefined;
  try {
    const { reason } = JSON.parse(answer.body.text) as { reason?: unknown };
    return typeof reason === "string" ? redact(reason) : undefined;
  } catch {
    // Something else listens there.
    return undefined;
  }
}
