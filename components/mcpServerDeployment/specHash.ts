import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * Tells the pods of one MCPServer's spec from those of another. KMCP puts it, as an annotation, on the pods;
 * the Deployment has no other word for which state of the MCPServer it has. Left out is what no pod knows of:
 * other replicas, or another timeout of clients, are no reason for new pods.
 */
export function specHash({
  timeout: _timeout,
  deployment: { replicas: _replicas, ...deployment },
  ...spec
}: {
  timeout?: unknown;
  deployment: Record<string, unknown>;
  [key: string]: unknown;
}): pulumi.Output<string> {
  return pulumi
    .output({ ...spec, deployment })
    .apply((known) => createHash("sha256").update(canonical(known)).digest("hex").slice(0, 16));
}

/** The same for objects whose keys are in another order: Kubernetes knows none. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
