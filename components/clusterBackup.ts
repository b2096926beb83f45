import { TrustedAccessRoleBinding } from "@pulumi/azure-native/containerservice/trustedAccessRoleBinding.js";
import { BackupInstance } from "@pulumi/azure-native/dataprotection/backupInstance.js";
import { BackupPolicy } from "@pulumi/azure-native/dataprotection/backupPolicy.js";
import { BackupVault } from "@pulumi/azure-native/dataprotection/backupVault.js";
import { Extension } from "@pulumi/azure-native/kubernetesconfiguration/extension.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { clientConfig } from "./azure/clientConfig.ts";
import { type BackupSchedule, instanceProperties, policyArgs } from "./clusterBackup/policy.ts";
import { backupStorage } from "./clusterBackup/storage.ts";
import type { PrivatePlace } from "./privateLink.ts";
import { type GrantArgs, grantRole } from "./roles.ts";
import { InputPropertyError } from "./validation.ts";

export type { BackupSchedule } from "./clusterBackup/policy.ts";

export interface ClusterBackupArgs extends BackupSchedule {
  /** The resource group that holds vault and storage. */
  resourceGroupName: pulumi.Input<string>;
  /** The region of the cluster; vault, storage and snapshots must be there as well. */
  location: pulumi.Input<string>;
  /** ARM id of the cluster. */
  clusterId: pulumi.Input<string>;
  /** Its name, with which those of vault and snapshots' group end. */
  clusterName: string;
  /** Object id of the identity of its control plane, which takes the snapshots. */
  controlPlaneObjectId: pulumi.Input<string>;
  /** Namespaces whose volumes are backed up, at least one. */
  namespaces: string[];
  /** Name of the resource group that is made for snapshots. @default - `rg-<clusterName>-snapshots` */
  snapshotResourceGroup?: string;
  /** How vault and storage keep copies: in a zone, in several, or in the paired region too. It stays as it was made. @default "zones" */
  redundancy?: "one-zone" | "zones" | "regions";
  /** Where the storage account gets a private endpoint; it has no public address then. @default - a public one */
  privateEndpoint?: PrivatePlace;
  /** Pulumi refuses to delete vault, storage and snapshots' group. @default false */
  protect?: boolean;
  /** Tags of every Azure resource made here. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const REDUNDANCY = {
  "one-zone": { vault: "LocallyRedundant", storage: "Standard_LRS" },
  zones: { vault: "ZoneRedundant", storage: "Standard_ZRS" },
  regions: { vault: "GeoRedundant", storage: "Standard_GRS" },
} as const;

/** In it the extension's pods run. Source: the extension's documentation. */
const EXTENSION_NAMESPACE = "dataprotection-microsoft";

/**
 * Azure Backup for AKS: snapshots of the volumes of some namespaces, disks and SMB shares alike, on a schedule, with the
 * objects that use them and without Secrets. Those of disks are kept in a resource group of their own, which outlives the
 * cluster with its disks, in the same region and subscription; those of shares are kept in the share's storage account,
 * and go with the share and with the cluster.
 *
 * The rights are those that Azure's documentation lists. The widest one is Contributor for the cluster's identity, on the
 * group that holds nothing but snapshots.
 *
 * Makes a ResourceGroup, a StorageAccount with a container, an Extension in the cluster, a BackupVault with a policy and
 * an entry for the cluster, a TrustedAccessRoleBinding and four RoleAssignments. Costs by protected namespaces and by
 * snapshots. Source: https://learn.microsoft.com/azure/backup/azure-kubernetes-service-backup-overview
 */
export class ClusterBackup extends pulumi.ComponentResource {
  /** ARM id of the vault. */
  declare readonly vaultId: pulumi.Output<string>;
  /** The backup vault's name. */
  declare readonly vaultName: pulumi.Output<string>;
  /** Name of the vault's entry for the cluster, which restoring asks for. */
  declare readonly instanceName: pulumi.Output<string>;
  /** The resource group with the snapshots. */
  declare readonly snapshotResourceGroup: pulumi.Output<string>;

  constructor(name: string, args: ClusterBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:ClusterBackup", name, {}, opts);
    const { resourceGroupName, location, clusterId, clusterName, namespaces, tags, protect = false } = args;
    if (namespaces.length === 0) throw new InputPropertyError("namespaces", "names none; name one or more");
    const redundancy = REDUNDANCY[args.redundancy ?? "zones"];
    const policy = policyArgs(args);
    const client = clientConfig({ parent: this });
    const { subscriptionId } = client;
    const child = { parent: this };

    const snapshotGroup = args.snapshotResourceGroup ?? `rg-${clusterName}-snapshots`;
    const snapshots = new ResourceGroup(
      `${name}-snapshots`,
      { resourceGroupName: snapshotGroup, location, tags },
      { ...child, protect },
    );
    // Known in a preview, so that a review sees where the roles are.
    const snapshotGroupId = snapshots.urn.apply(
      () => pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${snapshotGroup}`,
    );
    const { account, container, reachable } = backupStorage(this, name, {
      ...{ resourceGroupName, location, tags, subscriptionId, protect },
      ...{ redundancy: redundancy.storage, privateEndpoint: args.privateEndpoint },
    });
    const extension = new Extension(
      `${name}-extension`,
      {
        resourceGroupName,
        clusterRp: "Microsoft.ContainerService",
        clusterResourceName: "managedClusters",
        clusterName,
        extensionName: "azure-aks-backup",
        extensionType: "microsoft.dataprotection.kubernetes",
        autoUpgradeMinorVersion: true,
        releaseTrain: "stable",
        scope: { cluster: { releaseNamespace: EXTENSION_NAMESPACE } },
        configurationSettings: {
          "configuration.backupStorageLocation.bucket": container.name,
          "configuration.backupStorageLocation.config.storageAccount": account.name,
          "configuration.backupStorageLocation.config.resourceGroup": resourceGroupName,
          "configuration.backupStorageLocation.config.subscriptionId": subscriptionId,
          // By the extension's identity: the account has no keys.
          "configuration.backupStorageLocation.config.useAAD": "true",
          "configuration.backupStorageLocation.config.storageAccountURI": account.primaryEndpoints.apply(
            ({ blob }) => blob,
          ),
          "credentials.tenantId": client.tenantId,
        },
      },
      { ...child, dependsOn: reachable, customTimeouts: { create: "30m", update: "30m", delete: "30m" } },
    );
    const vault = new BackupVault(
      `${name}-vault`,
      {
        resourceGroupName,
        location,
        vaultName: `bv-${clusterName}`,
        identity: { type: "SystemAssigned" },
        properties: {
          storageSettings: [{ datastoreType: "VaultStore", type: redundancy.vault }],
          securitySettings: { softDeleteSettings: { state: "On", retentionDurationInDays: 14 } },
          monitoringSettings: { azureMonitorAlertSettings: { alertsForAllJobFailures: "Enabled" } },
        },
        tags,
      },
      { ...child, protect },
    );
    const vaultIdentity = vault.identity.apply((identity) => principal(identity?.principalId));
    const grant = (
      what: string,
      role: GrantArgs["role"],
      scope: pulumi.Input<string>,
      who: pulumi.Input<string>,
    ) =>
      grantRole(
        `${name}-${what}`,
        { role, scope, subscriptionId, principalId: who, principalType: "ServicePrincipal" },
        child,
      );
    const roles = [
      grant(
        "extension-storage",
        "storageBlobDataContributor",
        account.id,
        extension.aksAssignedIdentity.apply((identity) => principal(identity?.principalId)),
      ),
      grant("vault-cluster", "reader", clusterId, vaultIdentity),
      grant("vault-snapshots", "reader", snapshotGroupId, vaultIdentity),
      grant("cluster-snapshots", "contributor", snapshotGroupId, args.controlPlaneObjectId),
    ];
    const trusted = new TrustedAccessRoleBinding(
      `${name}-trusted-access`,
      {
        resourceGroupName,
        resourceName: clusterName,
        trustedAccessRoleBindingName: "backup",
        roles: ["Microsoft.DataProtection/backupVaults/backup-operator"],
        sourceResourceId: vault.id,
      },
      child,
    );
    const schedule = new BackupPolicy(
      `${name}-policy`,
      { resourceGroupName, vaultName: vault.name, ...policy },
      child,
    );
    const instance = new BackupInstance(
      `${name}-instance`,
      {
        resourceGroupName,
        vaultName: vault.name,
        backupInstanceName: clusterName,
        tags,
        properties: instanceProperties({
          ...{ clusterId, clusterName, location, namespaces },
          ...{ policyId: schedule.id, snapshotGroupId },
        }),
      },
      { ...child, protect, dependsOn: [...roles, trusted, extension] },
    );
    this.vaultId = vault.id;
    this.vaultName = vault.name;
    this.instanceName = instance.name.apply((given) => given ?? clusterName);
    this.snapshotResourceGroup = snapshots.name;
    this.registerOutputs({
      vaultId: this.vaultId,
      vaultName: this.vaultName,
      instanceName: this.instanceName,
      snapshotResourceGroup: this.snapshotResourceGroup,
    });
  }
}

/** What Azure always tells of an identity that it has made, although its API calls it optional. */
function principal(id: string | undefined): string {
  if (id) return id;
  if (pulumi.runtime.isDryRun()) return pulumi.unknown as unknown as string;
  throw new Error("Azure did not report an identity's object id");
}
