import { ManagementLockByScope } from "@pulumi/azure-native/authorization/managementLockByScope.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings.ts";

/** What must not be deleted, by the name of its lock in the program. */
export interface Locked {
  /** ARM id. */
  id: pulumi.Input<string> | undefined;
  /** What else must be there while it is locked: a lock reaches what is below its scope. */
  dependsOn?: pulumi.Resource[];
}

/**
 * Locks in Azure, for those who don't ask Pulumi. Only on what has no parts that the program changes: a lock also keeps
 * what is below it, role assignments included, so that on a registry no token, on a cluster no pool, in a backup vault
 * no policy and on a workspace of metrics no reader could be replaced or taken away. Pulumi deletes a lock before what
 * it locks, so that `protect` alone decides for Pulumi.
 * Source: https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export function locks({ locks }: Pick<Settings, "locks">, all: Record<string, Locked>): void {
  if (!locks) return;
  for (const [name, { id, dependsOn = [] }] of Object.entries(all)) {
    if (id === undefined) continue;
    new ManagementLockByScope(
      `${name}-lock`,
      {
        scope: id,
        lockName: "mcpaas-keep",
        level: "CanNotDelete",
        notes: "It holds data. The stack's setting locks made this, and takes it away",
      },
      { dependsOn },
    );
  }
}
