import { authorizationTypes } from "./authorization.ts";
import { containerRegistryTypes } from "./containerRegistry.ts";
import { containerServiceTypes } from "./containerService.ts";
import { dnsTypes } from "./dns.ts";
import { managedIdentityTypes } from "./managedIdentity.ts";
import { operationalInsightsTypes } from "./operationalInsights.ts";
import { resourceTypes } from "./resources.ts";
import type { TypeRow } from "./row.ts";

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
  ].map((row) => [row.type.toLowerCase(), row]),
);

/** The row of a type, whatever its case. */
export function rowOf(type: string): TypeRow | undefined {
  return types.get(type.toLowerCase());
}
