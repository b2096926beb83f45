import type { Properties } from "../../rehearsal/providers/plugin/values.ts";
import type { Made } from "./resources.ts";

type Make = (type: string, name: string, inputs: Properties) => Promise<Made>;

/** What holds data, and what keeps copies of it. */
export const dataTypes = [
  ["storage:StorageAccount", /\/storageAccounts\/backupsfortest$/],
  ["storage:BlobContainer", /\/blobServices\/default\/containers\/backups$/],
  ["dbforpostgresql:Server", /\/flexibleServers\/psql-for-test$/],
  ["dbforpostgresql:Database", /\/flexibleServers\/psql-for-test\/databases\/chat$/],
  ["dataprotection:BackupVault", /\/backupVaults\/vault[0-9a-f]{8}$/],
  ["dataprotection:BackupPolicy", /\/backupPolicies\/daily$/],
  ["dataprotection:BackupInstance", /\/backupInstances\/aks$/],
  [
    "kubernetesconfiguration:Extension",
    /\/managedClusters\/aks[0-9a-f]{8}\/providers\/Microsoft\.KubernetesConfiguration\/extensions\/backup$/,
  ],
  ["containerservice:TrustedAccessRoleBinding", /\/trustedAccessRoleBindings\/backup$/],
  [
    "authorization:ManagementLockByScope",
    /\/flexibleServers\/psql-for-test\/providers\/Microsoft\.Authorization\/locks\/keep$/,
  ],
] as const;

/** Makes one resource of each covered type that holds data or keeps copies of it. */
export async function makeData(
  make: Make,
  {
    group,
    cluster,
    grant,
  }: { group: Made; cluster: Made; grant: (scope: string, who: string) => Promise<void> },
): Promise<void> {
  const text = (resource: Made, output: string) => String(resource.outputs[output]);
  const inGroup = { resourceGroupName: text(group, "name") };
  const account = await make("storage:StorageAccount", "backup", {
    ...{ ...inGroup, accountName: "backupsfortest", kind: "StorageV2", sku: { name: "Standard_ZRS" } },
    ...{ enableHttpsTrafficOnly: true, allowSharedKeyAccess: false },
  });
  const container = await make("storage:BlobContainer", "backups", {
    ...{ ...inGroup, accountName: text(account, "name"), publicAccess: "None" },
  });
  const server = await make("dbforpostgresql:Server", "chat", {
    ...{ ...inGroup, serverName: "psql-for-test", version: "17" },
    ...{ sku: { name: "Standard_D2ds_v5", tier: "GeneralPurpose" }, storage: { storageSizeGB: 32 } },
    ...{ administratorLogin: "chat", administratorLoginPassword: "Pw-abcdefgh1234" },
    ...{ highAvailability: { mode: "ZoneRedundant" }, network: { publicNetworkAccess: "Disabled" } },
  });
  await make("dbforpostgresql:Database", "chat", {
    ...{ ...inGroup, serverName: text(server, "name"), charset: "UTF8", collation: "en_US.utf8" },
  });
  const vault = await make("dataprotection:BackupVault", "vault", {
    ...{ ...inGroup, identity: { type: "SystemAssigned" } },
    properties: { storageSettings: [{ datastoreType: "VaultStore", type: "ZoneRedundant" }] },
  });
  const clusterName = text(cluster, "name");
  await make("kubernetesconfiguration:Extension", "backup", {
    ...{
      ...inGroup,
      clusterName,
      clusterRp: "Microsoft.ContainerService",
      clusterResourceName: "managedClusters",
    },
    ...{ extensionType: "microsoft.dataprotection.kubernetes", releaseTrain: "stable" },
    configurationSettings: { "configuration.backupStorageLocation.bucket": text(container, "name") },
  });
  await make("containerservice:TrustedAccessRoleBinding", "backup", {
    ...{ ...inGroup, resourceName: clusterName, sourceResourceId: vault.id },
    roles: ["Microsoft.DataProtection/backupVaults/backup-operator"],
  });
  await grant(group.id, (vault.outputs["identity"] as { principalId: string }).principalId);
  const inVault = { ...inGroup, vaultName: text(vault, "name") };
  const policy = await make("dataprotection:BackupPolicy", "daily", {
    ...inVault,
    properties: {
      objectType: "BackupPolicy",
      datasourceTypes: ["Microsoft.ContainerService/managedClusters"],
      policyRules: [],
    },
  });
  const source = { resourceID: cluster.id, resourceName: clusterName };
  await make("dataprotection:BackupInstance", "aks", {
    ...inVault,
    properties: {
      objectType: "BackupInstance",
      dataSourceInfo: { ...source, objectType: "Datasource" },
      policyInfo: {
        policyId: policy.id,
        policyParameters: {
          dataStoreParametersList: [
            {
              objectType: "AzureOperationalStoreParameters",
              dataStoreType: "OperationalStore",
              resourceGroupId: group.id,
            },
          ],
        },
      },
    },
  });
  await make("authorization:ManagementLockByScope", "keep", { scope: server.id, level: "CanNotDelete" });
}
