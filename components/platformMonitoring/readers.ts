import type * as pulumi from "@pulumi/pulumi";
import type { Administrator } from "../aksWithGpuPool/entra.ts";
import { grantRole } from "../roles.ts";

/** What readers get to read. */
export interface Readable {
  subscriptionId: pulumi.Input<string>;
  /** ARM id of the resource group: with it goes what is in it, logs, workbook and dashboard too. */
  resourceGroup: pulumi.Input<string>;
  /** ARM id of the metrics' workspace, whose data asks for a role of its own. @default - there is none */
  metrics?: pulumi.Input<string>;
}

/**
 * Lets people look at dashboard and workbook, query metrics and logs, and change nothing.
 * Source: "Share" of https://learn.microsoft.com/azure/azure-monitor/visualize/visualize-use-grafana-dashboards: who looks
 * at a dashboard must be able to read the dashboard itself, and the data that it shows.
 */
export function readerRoles(
  parent: pulumi.Resource,
  name: string,
  readers: readonly Administrator[],
  { subscriptionId, resourceGroup, metrics }: Readable,
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
    const onGroup = { ...who, role: "monitoringReader", scope: resourceGroup } as const;
    grantRole(`${name}-resources-${whose}`, onGroup, { parent });
  }
}
