import { describe, expect, it } from "vitest";
import { ClusterBackup, type ClusterBackupArgs } from "../../../components/clusterBackup.ts";
import { BUILT_IN_ROLES } from "../../../components/roles.ts";
import { azure, EXTENSION_OBJECT_ID, SUBSCRIPTION, VAULT_OBJECT_ID } from "../../support/azure.ts";
import { needs, runWithMocks } from "../../support/mocks.ts";

const GROUP = "azure-native:resources:ResourceGroup";
const ACCOUNT = "azure-native:storage:StorageAccount";
const CONTAINER = "azure-native:storage:BlobContainer";
const EXTENSION = "azure-native:kubernetesconfiguration:Extension";
const VAULT = "azure-native:dataprotection:BackupVault";
const POLICY = "azure-native:dataprotection:BackupPolicy";
const INSTANCE = "azure-native:dataprotection:BackupInstance";
const TRUST = "azure-native:containerservice:TrustedAccessRoleBinding";
const ROLE = "azure-native:authorization:RoleAssignment";
const ENDPOINT = "azure-native:network:PrivateEndpoint";

const SNAPSHOTS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-aks-mcpaas-prod-snapshots`;

const run = (args: Partial<ClusterBackupArgs> = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () =>
      new ClusterBackup("backup", {
        resourceGroupName: "rg",
        location: "eastus",
        clusterId: "/cluster",
        clusterName: "aks-mcpaas-prod",
        controlPlaneObjectId: "control-plane",
        namespaces: ["chat", "models"],
        ...args,
      }),
    azure,
    options,
  );

describe.each([{ preview: false }, { preview: true }])("ClusterBackup, preview: $preview", ({ preview }) => {
  it("begins when every right is there, and is taken away before them", async () => {
    const { find, resources } = await run({}, { preview });
    const roles = resources.filter(({ type }) => type === ROLE);
    expect(roles.length).toBe(4);
    for (const first of [...roles, find(TRUST), find(EXTENSION), find(VAULT), find(POLICY), find(GROUP)]) {
      expect([first.name, needs(resources, find(INSTANCE), first)]).toEqual([first.name, true]);
    }
    expect(needs(resources, find(EXTENSION), find(CONTAINER))).toBe(true);
  });

  it("backs up volumes of both kinds with what uses them, and no Secret", async () => {
    const { find } = await run({}, { preview });
    const { policyParameters } = find(INSTANCE).inputs.properties.policyInfo;
    expect(policyParameters.backupDatasourceParametersList).toEqual([
      {
        objectType: "KubernetesClusterBackupDatasourceParameters",
        includedNamespaces: ["chat", "models"],
        excludedResourceTypes: ["v1/Secret"],
        includeClusterScopeResources: true,
        includedVolumeTypes: ["AzureDisk", "AzureFileShareSMB"],
        snapshotVolumes: true,
      },
    ]);
  });

  it("protects what holds backups, when told", async () => {
    const { resources } = await run({ protect: true }, { preview });
    const kept = resources.filter(({ protect }) => protect).map(({ type }) => type);
    expect(kept.sort()).toEqual([ACCOUNT, CONTAINER, GROUP, INSTANCE, VAULT].sort());
    expect((await run({}, { preview })).resources.some(({ protect }) => protect)).toBe(false);
  });
});

describe("ClusterBackup", () => {
  it("gives each identity its right, and none of them more", async () => {
    const { resources } = await run();
    const given = resources
      .filter(({ type }) => type === ROLE)
      .map(({ inputs }) => [inputs.principalId, inputs.scope, inputs.roleDefinitionId.split("/").at(-1)]);
    expect(given).toEqual(
      expect.arrayContaining([
        [EXTENSION_OBJECT_ID, "backup-storage-id", BUILT_IN_ROLES.storageBlobDataContributor],
        [VAULT_OBJECT_ID, "/cluster", BUILT_IN_ROLES.reader],
        [VAULT_OBJECT_ID, SNAPSHOTS, BUILT_IN_ROLES.reader],
        ["control-plane", SNAPSHOTS, BUILT_IN_ROLES.contributor],
      ]),
    );
    expect(given.length).toBe(4);
  });

  it("has a storage account without keys, and without a public address when there is a private endpoint", async () => {
    const { find, resources } = await run();
    expect(find(ACCOUNT).inputs).toMatchObject({
      accountName: expect.stringMatching(/^st[a-z0-9]{3,22}$/),
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
      publicNetworkAccess: "Enabled",
    });
    expect(find(EXTENSION).inputs.configurationSettings).toMatchObject({
      "configuration.backupStorageLocation.config.useAAD": "true",
      "configuration.backupStorageLocation.bucket": "backups",
    });
    expect(resources.some(({ type }) => type === ENDPOINT)).toBe(false);
    const inside = await run({ privateEndpoint: { subnetId: "/subnet", networkId: "/network" } });
    expect(inside.find(ACCOUNT).inputs.publicNetworkAccess).toBe("Disabled");
    expect(inside.find(ENDPOINT).inputs.privateLinkServiceConnections[0].groupIds).toEqual(["blob"]);
    expect(needs(inside.resources, inside.find(EXTENSION), inside.find(ENDPOINT))).toBe(true);
  });

  it("calls a policy by what it says, because none can be changed", async () => {
    const named = async (args: Partial<ClusterBackupArgs>) => (await run(args)).find(POLICY).inputs;
    const daily = await named({});
    expect(daily.backupPolicyName).toBe("every-24h-from-0100-for-14d");
    expect(daily.properties.policyRules).toMatchObject([
      { lifecycles: [{ deleteAfter: { duration: "P14D" } }] },
      { trigger: { schedule: { repeatingTimeIntervals: ["R/2026-01-01T01:00:00+00:00/P1D"] } } },
    ]);
    const often = await named({ everyHours: 4, startTime: "03:30", retentionDays: 30 });
    expect(often.backupPolicyName).toBe("every-4h-from-0330-for-30d");
    expect(often.properties.policyRules[1].trigger.schedule.repeatingTimeIntervals).toEqual([
      "R/2026-01-01T03:30:00+00:00/PT4H",
    ]);
  });

  it.each([
    [{ namespaces: [] }, "namespaces: names none"],
    [{ everyHours: 5 as 4 }, "everyHours: 5 is not allowed; it must be one of 4, 6, 8, 12, 24"],
    [{ startTime: "1:00" }, "startTime: "],
    [{ retentionDays: 361 }, "retentionDays: 361"],
  ])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
