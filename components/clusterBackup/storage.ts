import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer.js";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import * as pulumi from "@pulumi/pulumi";
import { shortHash } from "../names.ts";
import { PrivateLink, type PrivatePlace } from "../privateLink.ts";

/** Where the manifests of a backup are kept. */
export interface BackupStorage {
  account: StorageAccount;
  container: BlobContainer;
  /** What must be there before somebody writes to it. */
  reachable: pulumi.Resource[];
}

/** Makes the storage account: without keys, so that only identities with a role get in. */
export function backupStorage(
  parent: pulumi.Resource,
  name: string,
  place: {
    resourceGroupName: pulumi.Input<string>;
    location: pulumi.Input<string>;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    subscriptionId: pulumi.Input<string>;
    redundancy: "Standard_LRS" | "Standard_ZRS" | "Standard_GRS";
    privateEndpoint?: PrivatePlace;
    protect: boolean;
  },
): BackupStorage {
  const { resourceGroupName, location, tags, subscriptionId, redundancy, privateEndpoint, protect } = place;
  const account = new StorageAccount(
    `${name}-storage`,
    {
      resourceGroupName,
      location,
      accountName: pulumi
        .all([subscriptionId, resourceGroupName])
        .apply(([subscription, group]) => accountName(name, subscription, group)),
      kind: "StorageV2",
      sku: { name: redundancy },
      accessTier: "Hot",
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      allowCrossTenantReplication: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
      publicNetworkAccess: privateEndpoint === undefined ? "Enabled" : "Disabled",
      tags,
    },
    { parent, protect },
  );
  const container = new BlobContainer(
    `${name}-container`,
    { resourceGroupName, accountName: account.name, containerName: "backups", publicAccess: "None" },
    { parent, protect },
  );
  const link =
    privateEndpoint &&
    new PrivateLink(
      `${name}-link`,
      { ...privateEndpoint, resourceGroupName, location, service: "blob", targetId: account.id, tags },
      { parent },
    );
  return { account, container, reachable: link ? [container, link] : [container] };
}

/** Unique in Azure, and the same in every run: at most 24 of a-z and 0-9. */
function accountName(component: string, subscription: string, group: string): string {
  const hash = shortHash(
    10,
    subscription.toLowerCase(),
    group.toLowerCase(),
    pulumi.getProject(),
    pulumi.getStack(),
    component,
  );
  return `st${component
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(0, 12)}${hash}`;
}
