import { actionGroupTypes } from "./actionGroups.ts";
import { alertProcessingTypes } from "./alertProcessing.ts";
import { ruleGroupTypes } from "./alertRules.ts";
import { authorizationTypes } from "./authorization.ts";
import { backupTypes } from "./backup.ts";
import { containerRegistryTypes } from "./containerRegistry.ts";
import { containerServiceTypes } from "./containerService.ts";
import { dashboardTypes } from "./dashboards.ts";
import { dataCollectionTypes } from "./dataCollection.ts";
import { diagnosticSettingTypes } from "./diagnosticSettings.ts";
import { dnsTypes } from "./dns.ts";
import { logicAppTypes } from "./logicApps.ts";
import { managedIdentityTypes } from "./managedIdentity.ts";
import { monitorWorkspaceTypes } from "./monitorWorkspaces.ts";
import { operationalInsightsTypes } from "./operationalInsights.ts";
import { postgresqlTypes } from "./postgresql.ts";
import { privateEndpointTypes } from "./privateEndpoints.ts";
import { resourceTypes } from "./resources.ts";
import type { TypeRow } from "./row.ts";
import { scheduledQueryTypes } from "./scheduledQueries.ts";
import { storageTypes } from "./storage.ts";
import { virtualNetworkTypes } from "./virtualNetworks.ts";

/** The table of resource types, by lower-cased type. */
export const types: ReadonlyMap<string, TypeRow> = new Map(
  [
    ...resourceTypes,
    ...containerRegistryTypes,
    ...containerServiceTypes,
    ...authorizationTypes,
    ...managedIdentityTypes,
    ...operationalInsightsTypes,
    ...dnsTypes,
    ...virtualNetworkTypes,
    ...storageTypes,
    ...postgresqlTypes,
    ...backupTypes,
    ...privateEndpointTypes,
    ...monitorWorkspaceTypes,
    ...dataCollectionTypes,
    ...diagnosticSettingTypes,
    ...actionGroupTypes,
    ...ruleGroupTypes,
    ...alertProcessingTypes,
    ...scheduledQueryTypes,
    ...dashboardTypes,
    ...logicAppTypes,
  ].map((row) => [row.type.toLowerCase(), row]),
);

/** The row of a type, whatever its case. */
export function rowOf(type: string): TypeRow | undefined {
  return types.get(type.toLowerCase());
}
