import { clusterType } from "../agentPools.ts";
import { refusal } from "../errors.ts";
import type { Properties } from "../store.ts";
import type { World } from "../world.ts";
import { ids } from "../world.ts";
import { pick } from "./clusterDefaults.ts";
import { type TypeRow, type Write, withDefaults } from "./row.ts";

const vaultType = "Microsoft.DataProtection/backupVaults";
const policyType = `${vaultType}/backupPolicies`;
const instanceType = `${vaultType}/backupInstances`;
const extensionType = "Microsoft.KubernetesConfiguration/extensions";
const trustType = `${clusterType}/trustedAccessRoleBindings`;
const apiVersions = ["2024-04-01", "2025-01-01", "2025-07-01"];
const operator = "Microsoft.DataProtection/backupVaults/backup-operator";

/** Backups of clusters: vaults, policies, what is backed up; extensions of clusters and whom clusters trust. */
export const backupTypes: TypeRow[] = [
  {
    type: vaultType,
    scope: "group",
    apiVersions,
    name: /^[A-Za-z][-A-Za-z0-9]{0,48}[A-Za-z0-9]$/,
    located: true,
    async: true,
    rules: [
      { path: "properties.storageSettings", required: true },
      {
        path: "properties.storageSettings[].type",
        oneOf: ["LocallyRedundant", "ZoneRedundant", "GeoRedundant"],
      },
      { path: "properties.securitySettings.softDeleteSettings.retentionDurationInDays", min: 14, max: 180 },
    ],
    complete({ world, path, body, existing }) {
      const before = existing && redundancyOf(existing.body.properties);
      const asked = redundancyOf(body.properties);
      const full = existing && world.store.ofType(instanceType, existing.id).length > 0;
      if (full && before !== undefined && before !== asked) {
        throw refusal(
          400,
          "BMSUserErrorStorageTypeChangeNotAllowed",
          "The redundancy of a vault can't change once something is backed up into it.",
        );
      }
      if (pick(body, "identity", "type") === "SystemAssigned") {
        body["identity"] = {
          type: "SystemAssigned",
          principalId: world.uuid(`principal ${path.id}`),
          tenantId: ids.tenant,
        };
      }
      body.properties = withDefaults(body.properties, {
        securitySettings: { softDeleteSettings: { state: "On", retentionDurationInDays: 14 } },
        isVaultProtectedByResourceGuard: false,
      });
    },
    checkDelete(world, vault) {
      const [first] = world.store.ofType(instanceType, vault.id);
      if (first) {
        throw refusal(
          400,
          "BMSUserErrorVaultHasBackupInstances",
          `The vault can't be deleted while it has backup instances: ${first.name}.`,
        );
      }
    },
  },
  {
    type: policyType,
    scope: "group",
    apiVersions,
    name: /^[A-Za-z0-9][-A-Za-z0-9]{2,149}$/,
    stateful: false,
    rules: [
      { path: "properties.datasourceTypes", required: true },
      { path: "properties.policyRules", required: true },
    ],
    immutable: ["properties.policyRules", "properties.datasourceTypes"],
    checkDelete(world, policy) {
      const user = world.store
        .ofType(instanceType)
        .find(({ body }) => sameId(pick(body.properties, "policyInfo", "policyId"), policy.id));
      if (user) {
        throw refusal(400, "BMSUserErrorPolicyInUse", `The policy is in use by ${user.id}.`);
      }
    },
  },
  {
    type: instanceType,
    scope: "group",
    apiVersions,
    name: /^[-A-Za-z0-9_.]{1,150}$/,
    async: true,
    rules: [
      { path: "properties.objectType", required: true },
      { path: "properties.dataSourceInfo.resourceID", required: true },
      { path: "properties.policyInfo.policyId", required: true },
    ],
    immutable: ["properties.dataSourceInfo.resourceID"],
    complete(write) {
      checkInstance(write);
      write.body.properties = {
        ...write.body.properties,
        protectionStatus: { status: "ProtectionConfigured" },
        currentProtectionState: "ProtectionConfigured",
      };
    },
  },
  {
    type: extensionType,
    scope: "any",
    apiVersions: ["2022-11-01", "2023-05-01", "2024-11-01"],
    name: /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/,
    async: true,
    rules: [{ path: "properties.extensionType", required: true }],
    immutable: ["properties.extensionType", "properties.scope.cluster.releaseNamespace"],
    complete({ world, path, body }) {
      const { configurationProtectedSettings: _, ...shown } = body.properties;
      body.properties = {
        ...withDefaults(shown, { autoUpgradeMinorVersion: true, releaseTrain: "Stable" }),
        currentVersion: "0.0.3114.30",
        isSystemExtension: false,
        aksAssignedIdentity: {
          type: "SystemAssigned",
          principalId: world.uuid(`extension ${path.id}`),
          tenantId: ids.tenant,
        },
      };
    },
  },
  {
    type: trustType,
    scope: "group",
    apiVersions: ["2025-07-01", "2025-08-01", "2025-09-01", "2025-10-01", "2026-01-01"],
    name: /^([A-Za-z0-9-])+$/,
    async: true,
    aks: true,
    rules: [
      { path: "properties.sourceResourceId", required: true },
      { path: "properties.roles", required: true },
    ],
    complete({ world, body }) {
      const source = String(body.properties["sourceResourceId"]);
      if (!world.store.get(source)) {
        throw refusal(
          400,
          "InvalidParameter",
          `The resource '${source}' was not found.`,
          "properties.sourceResourceId",
        );
      }
    },
  },
];

function redundancyOf(vault: Properties): unknown {
  return (vault["storageSettings"] as Properties[] | undefined)?.[0]?.["type"];
}

/**
 * What Azure validates before it protects a cluster: the extension, the trust, and the vault's right to read. Source:
 * https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept; the codes are our own.
 */
function checkInstance({ world, path, body }: Write): void {
  const cluster = String(pick(body.properties, "dataSourceInfo", "resourceID"));
  const policy = String(pick(body.properties, "policyInfo", "policyId"));
  const vault = world.store.get(path.parent);
  const stores = pick(body.properties, "policyInfo", "policyParameters", "dataStoreParametersList");
  const snapshots = String(pick((stores as unknown[] | undefined)?.[0], "resourceGroupId"));
  const extensions = world.store.ofType(extensionType, cluster);
  const problems: Record<string, boolean> = {
    DatasourceNotFound: world.store.get(cluster) === undefined,
    PolicyNotFound: world.store.get(policy) === undefined,
    SnapshotResourceGroupNotFound: world.store.get(snapshots) === undefined,
    BackupExtensionNotInstalled: !extensions.some(
      (one) =>
        String(one.body.properties["extensionType"]).toLowerCase() === "microsoft.dataprotection.kubernetes",
    ),
    TrustedAccessNotGranted: !world.store
      .ofType(trustType, cluster)
      .some(
        (one) =>
          sameId(one.body.properties["sourceResourceId"], vault?.id) &&
          (one.body.properties["roles"] as string[]).includes(operator),
      ),
    VaultMayNotReadCluster: !mayRead(world, pick(vault?.body, "identity", "principalId"), cluster),
    VaultMayNotReadSnapshots: !mayRead(world, pick(vault?.body, "identity", "principalId"), snapshots),
  };
  const [problem] = Object.entries(problems).find(([, is]) => is) ?? [];
  if (problem) {
    throw refusal(
      400,
      `UserError${problem}`,
      `The cluster ${cluster} can't be backed up with the policy ${policy}: ${problem}.`,
    );
  }
}

function mayRead(world: World, principal: unknown, id: string): boolean {
  return world.store.ofType("Microsoft.Authorization/roleAssignments").some(({ body: { properties } }) => {
    const scope = `${properties["scope"]}/`.toLowerCase();
    return properties["principalId"] === principal && `${id}/`.toLowerCase().startsWith(scope);
  });
}

function sameId(one: unknown, other: string | undefined): boolean {
  return String(one).toLowerCase() === other?.toLowerCase();
}
