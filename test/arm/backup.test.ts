import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { inGroup, makeCluster, makeGroup, putInGroup, type Rig, startRig, sub, versions } from "./support.ts";

const version = "api-version=2025-01-01";
const vault = "Microsoft.DataProtection/backupVaults/vault";
const cluster = "Microsoft.ContainerService/managedClusters/demo";
const extension = `${cluster}/providers/Microsoft.KubernetesConfiguration/extensions/backup`;
const trust = `${cluster}/trustedAccessRoleBindings/backup`;
const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

let rig: Rig;
let principal: string;
beforeEach(async () => {
  rig = await startRig();
  onTestFinished(() => rig.close());
  await makeGroup(rig);
  await makeCluster(rig);
  principal = (await makeVault("ZoneRedundant")).body.identity.principalId;
});

function makeVault(type: string) {
  return putInGroup(rig, vault, version, {
    location: "eastus",
    identity: { type: "SystemAssigned" },
    properties: { storageSettings: [{ datastoreType: "VaultStore", type }] },
  });
}

const policy = (every = "P1D") =>
  putInGroup(rig, `${vault}/backupPolicies/daily`, version, {
    properties: { datasourceTypes: ["Microsoft.ContainerService/managedClusters"], policyRules: [{ every }] },
  });

/** What has to be there before a cluster can be backed up, by its name. */
const steps: Record<string, () => Promise<unknown>> = {
  policy,
  extension: () =>
    putInGroup(rig, extension, "api-version=2023-05-01", {
      properties: { extensionType: "microsoft.dataprotection.kubernetes" },
    }),
  trust: () =>
    putInGroup(rig, trust, versions.aks, {
      properties: {
        sourceResourceId: inGroup(rig, vault),
        roles: ["Microsoft.DataProtection/backupVaults/backup-operator"],
      },
    }),
  role: () =>
    putInGroup(
      rig,
      "Microsoft.Authorization/roleAssignments/55555555-5555-4555-8555-555555555555",
      versions.role,
      {
        properties: {
          ...{ principalId: principal, principalType: "ServicePrincipal" },
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
        },
      },
    ),
};

const protectCluster = () =>
  putInGroup(rig, `${vault}/backupInstances/aks`, version, {
    properties: {
      objectType: "BackupInstance",
      dataSourceInfo: { resourceID: inGroup(rig, cluster) },
      policyInfo: {
        policyId: inGroup(rig, `${vault}/backupPolicies/daily`),
        policyParameters: {
          dataStoreParametersList: [{ resourceGroupId: sub(rig, `/resourceGroups/${rig.group}`) }],
        },
      },
    },
  });

async function makeAll(but?: string): Promise<void> {
  for (const [name, step] of Object.entries(steps)) {
    if (name !== but) {
      await step();
    }
  }
}

describe("a cluster is backed up", () => {
  test.each([
    { missing: "policy", code: "UserErrorPolicyNotFound" },
    { missing: "extension", code: "UserErrorBackupExtensionNotInstalled" },
    { missing: "trust", code: "UserErrorTrustedAccessNotGranted" },
    { missing: "role", code: "UserErrorVaultMayNotReadCluster" },
  ])("not without $missing: $code", async ({ missing, code }) => {
    await makeAll(missing);
    expect((await protectCluster()).body.error.code).toBe(code);
  });

  test("with all of it, and then vault and policy stay, and so does what they are", async () => {
    await makeAll();
    expect((await protectCluster()).status).toBe(201);
    const remove = async (path: string) =>
      (await rig.raw("DELETE", inGroup(rig, `${path}?${version}`))).body.error.code;
    expect(await remove(vault)).toBe("BMSUserErrorVaultHasBackupInstances");
    expect(await remove(`${vault}/backupPolicies/daily`)).toBe("BMSUserErrorPolicyInUse");
    expect((await makeVault("LocallyRedundant")).body.error.code).toBe(
      "BMSUserErrorStorageTypeChangeNotAllowed",
    );
  });
});

test("a policy can't be changed", async () => {
  await policy();
  expect((await policy()).status).toBe(200);
  expect((await policy("PT4H")).body.error.code).toBe("PropertyChangeNotAllowed");
});

test("a storage account's name is one in all of Azure, and what it holds is nobody else's to read", async () => {
  const account = "Microsoft.Storage/storageAccounts/backups";
  const storage = "api-version=2024-01-01";
  const body = { location: "eastus", kind: "StorageV2", sku: { name: "Standard_ZRS" } };
  const made = await putInGroup(rig, account, storage, body);
  expect(made.body.properties.primaryEndpoints.blob).toBe("https://backups.blob.core.windows.net/");
  const container = `${account}/blobServices/default/containers/files`;
  const put = (publicAccess: string) => putInGroup(rig, container, storage, { properties: { publicAccess } });
  expect((await put("Blob")).body.error.code).toBe("PublicAccessNotPermitted");
  expect((await put("None")).status).toBe(201);
  await rig.raw("PUT", sub(rig, `/resourceGroups/other?${versions.group}`), { body: { location: "eastus" } });
  const elsewhere = sub(rig, `/resourceGroups/other/providers/${account}?${storage}`);
  expect((await rig.raw("PUT", elsewhere, { body })).body.error.code).toBe("StorageAccountAlreadyTaken");
});
