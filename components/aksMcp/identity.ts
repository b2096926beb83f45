import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import * as pulumi from "@pulumi/pulumi";
import { grantRole } from "../roles.ts";

/** Who gets the identity, and what it may read. */
export interface ReaderPlace {
  /** The component's name, with which the resources' names begin. */
  name: string;
  parent: pulumi.Resource;
  serverName: string;
  namespace: pulumi.Input<string>;
  oidcIssuerUrl: pulumi.Input<string>;
  /** The resource group that holds the identity. */
  resourceGroupName: pulumi.Input<string>;
  location: pulumi.Input<string>;
  /** The resource group that it may read. */
  readableResourceGroup: pulumi.Input<string>;
  subscriptionId: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The identity, and what must be there before it is used: it signs in once, when it starts. */
export interface ReaderIdentity {
  clientId: pulumi.Output<string>;
  objectId: pulumi.Output<string>;
  resources: pulumi.Resource[];
}

/** An identity that the pods of one ServiceAccount sign in as, and that may read one resource group. */
export function readerIdentity(place: ReaderPlace): ReaderIdentity {
  const { name, parent, serverName, resourceGroupName, location, subscriptionId, tags } = place;
  const identity = new UserAssignedIdentity(
    `${name}-identity`,
    { resourceGroupName, location, resourceName: `id-${serverName}`, tags },
    { parent },
  );
  const credential = new FederatedIdentityCredential(
    `${name}-credential`,
    {
      resourceGroupName,
      resourceName: identity.name,
      federatedIdentityCredentialResourceName: `fc-${serverName}`,
      issuer: place.oidcIssuerUrl,
      subject: pulumi.interpolate`system:serviceaccount:${place.namespace}:${serverName}`,
      audiences: ["api://AzureADTokenExchange"],
    },
    { parent },
  );
  const role = grantRole(
    `${name}-reader`,
    {
      role: "reader",
      scope: pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${place.readableResourceGroup}`,
      subscriptionId,
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
    },
    { parent },
  );
  return { clientId: identity.clientId, objectId: identity.principalId, resources: [credential, role] };
}
