import type { ResourceRow } from "./table.ts";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const account = `${group}/providers/Microsoft.Storage/storageAccounts/{accountName}`;
const server = `${group}/providers/Microsoft.DBforPostgreSQL/flexibleServers/{serverName}`;
const vault = `${group}/providers/Microsoft.DataProtection/backupVaults/{vaultName}`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`;
const tracked = ["location", "tags"];

/** The rows of what holds data, and of what keeps copies of it. */
export const dataRows: Readonly<Record<string, ResourceRow>> = {
  "storage:StorageAccount": {
    path: account,
    autoName: "random",
    topLevel: [...tracked, "sku", "kind", "identity", "extendedLocation"],
    replaceOn: ["location", "isHnsEnabled"],
    memberNames: { networkRuleSet: { iPAddressOrRange: "value", virtualNetworkResourceId: "id" } },
    armNames: { enableHttpsTrafficOnly: "supportsHttpsTrafficOnly", networkRuleSet: "networkAcls" },
  },
  "storage:BlobContainer": {
    path: `${account}/blobServices/default/containers/{containerName}`,
    autoName: "copy",
    topLevel: [],
    replaceOn: [],
  },
  "dbforpostgresql:Server": {
    path: server,
    autoName: "random",
    topLevel: [...tracked, "sku", "identity"],
    replaceOn: [
      ...["location", "administratorLogin", "backup.geoRedundantBackup"],
      ...["network.delegatedSubnetResourceId", "createMode", "pointInTimeUTC", "sourceServerResourceId"],
    ],
  },
  "dbforpostgresql:Database": {
    path: `${server}/databases/{databaseName}`,
    autoName: "copy",
    topLevel: [],
    replaceOn: ["charset", "collation"],
  },
  "dataprotection:BackupVault": {
    path: vault,
    autoName: "random",
    topLevel: [...tracked, "identity", "properties", "eTag"],
    replaceOn: ["location"],
  },
  "dataprotection:BackupPolicy": {
    path: `${vault}/backupPolicies/{backupPolicyName}`,
    autoName: "copy",
    topLevel: ["properties"],
    replaceOn: [],
  },
  "dataprotection:BackupInstance": {
    path: `${vault}/backupInstances/{backupInstanceName}`,
    autoName: "copy",
    topLevel: ["tags", "properties"],
    replaceOn: [],
  },
  "kubernetesconfiguration:Extension": {
    path: `${group}/providers/{clusterRp}/{clusterResourceName}/{clusterName}/providers/Microsoft.KubernetesConfiguration/extensions/{extensionName}`,
    autoName: "copy",
    topLevel: ["identity", "plan"],
    replaceOn: [],
  },
  "containerservice:TrustedAccessRoleBinding": {
    path: `${cluster}/trustedAccessRoleBindings/{trustedAccessRoleBindingName}`,
    autoName: "copy",
    topLevel: [],
    replaceOn: [],
  },
  "authorization:ManagementLockByScope": {
    path: "/{scope}/providers/Microsoft.Authorization/locks/{lockName}",
    autoName: "copy",
    topLevel: [],
    replaceOn: [],
  },
};
