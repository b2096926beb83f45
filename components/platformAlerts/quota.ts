import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import * as pulumi from "@pulumi/pulumi";
import { grantRole } from "../roles.ts";

/** Where the identity is made. */
export interface QuotaReaderPlace {
  name: string;
  parent: pulumi.Resource;
  resourceGroupName: pulumi.Input<string>;
  location: pulumi.Input<string>;
  clusterName: string;
  subscriptionId: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * The identity that a rule asks Azure Resource Graph with. Quota belongs to the subscription, so that it must be able to
 * read the subscription and nothing less. Source: https://learn.microsoft.com/azure/quotas/how-to-guide-monitoring-alerting
 */
export function quotaReader(place: QuotaReaderPlace) {
  const { name, parent, resourceGroupName, location, clusterName, subscriptionId, tags } = place;
  const identity = new UserAssignedIdentity(
    `${name}-quota-reader`,
    { resourceGroupName, location, resourceName: `id-${clusterName}-quota-reader`, tags },
    { parent },
  );
  const role = grantRole(
    `${name}-quota-reader-role`,
    {
      role: "reader",
      scope: pulumi.interpolate`/subscriptions/${subscriptionId}`,
      subscriptionId,
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
    },
    { parent },
  );
  return { id: identity.id, role };
}
