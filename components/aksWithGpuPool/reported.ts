import type { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster.js";
import * as pulumi from "@pulumi/pulumi";

/** Object, client and ARM ids of a managed identity. */
export interface IdentityRef {
  /** Its ARM id. */
  id: pulumi.Output<string>;
  /** What programs sign in as: the application's id, a GUID. */
  clientId: pulumi.Output<string>;
  /** What rights are given to: the principal's id, a GUID. */
  objectId: pulumi.Output<string>;
}

/** The address by which others check tokens of the cluster's service accounts. */
export function oidcIssuerUrl(cluster: ManagedCluster): pulumi.Output<string> {
  return cluster.oidcIssuerProfile.apply((profile) => reported(profile?.issuerURL, "OIDC issuer"));
}

/** The identity of the nodes, which AKS makes. */
export function kubeletIdentity(cluster: ManagedCluster): IdentityRef {
  const id = (field: "resourceId" | "clientId" | "objectId") =>
    cluster.identityProfile.apply((profile) =>
      reported(profile?.["kubeletidentity"]?.[field], `kubelet identity (${field})`),
    );
  return { id: id("resourceId"), clientId: id("clientId"), objectId: id("objectId") };
}

/** What AKS always reports of a cluster that it has made, although its API calls it optional. */
function reported(value: string | undefined, what: string): string {
  if (value) return value;
  // A preview knows of such a property only what the program put into it.
  if (pulumi.runtime.isDryRun()) return pulumi.unknown as unknown as string;
  throw new Error(`AKS did not report the cluster's ${what}`);
}
