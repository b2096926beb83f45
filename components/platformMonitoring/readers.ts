import type * as pulumi from "@pulumi/pulumi";
import type { Administrator } from "../aksWithGpuPool/entra.ts";
import { grantRole } from "../roles.ts";

/** What readers get to read; a workspace that isn't there gives no role. */
export interface Readable {
  subscriptionId: pulumi.Input<string>;
  /** ARM id of the metrics' workspace. */
  metrics?: pulumi.Input<string>;
  /** ARM id of the logs' workspace. */
  logs?: pulumi.Input<string>;
}

/** Lets people query metrics and logs, and change nothing. */
export function readerRoles(
  parent: pulumi.Resource,
  name: string,
  readers: readonly Administrator[],
  { subscriptionId, metrics, logs }: Readable,
): void {
  for (const { objectId: principalId, principalType } of readers) {
    const who = { subscriptionId, principalId, principalType };
    const whose = `reader-${principalId.toLowerCase()}`;
    if (metrics !== undefined) {
      grantRole(
        `${name}-metrics-${whose}`,
        { ...who, role: "monitoringDataReader", scope: metrics },
        { parent },
      );
    }
    if (logs !== undefined) {
      grantRole(`${name}-logs-${whose}`, { ...who, role: "monitoringReader", scope: logs }, { parent });
    }
  }
}
