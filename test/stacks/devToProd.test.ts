import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { azureStack } from "../../stacks/azure.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { azure } from "../support/azure.ts";
import { type Registered, runWithMocks } from "../support/mocks.ts";

/**
 * Inputs whose change makes another resource. Of Azure's types: "Changing this value forces replacement" in
 * azure-native's reference, for what the path of the resource is made of and what Azure fixes at creation. Of
 * Kubernetes' types: what the API server refuses to change, for which the provider makes another object.
 */
const REPLACING: Record<string, readonly string[]> = {
  "azure-native:resources:ResourceGroup": ["resourceGroupName", "location"],
  "azure-native:containerregistry:Registry": ["resourceGroupName", "registryName", "location"],
  "azure-native:containerservice:ManagedCluster": [
    ...["resourceGroupName", "resourceName", "location", "dnsPrefix", "fqdnSubdomain", "nodeResourceGroup"],
    ...["diskEncryptionSetID", "linuxProfile", "windowsProfile", "networkProfile.serviceCidr"],
    ...["networkProfile.dnsServiceIP", "networkProfile.networkPlugin", "networkProfile.networkPluginMode"],
    ...["networkProfile.podCidr", "networkProfile.networkDataplane", "networkProfile.networkPolicy"],
    ...["networkProfile.outboundType"],
  ],
  "azure-native:operationalinsights:Workspace": ["resourceGroupName", "workspaceName", "location"],
  "azure-native:monitor:AzureMonitorWorkspace": [
    "resourceGroupName",
    "azureMonitorWorkspaceName",
    "location",
  ],
  "azure-native:network:VirtualNetwork": ["resourceGroupName", "virtualNetworkName", "location"],
  "azure-native:network:Subnet": ["resourceGroupName", "virtualNetworkName", "subnetName"],
  "azure-native:managedidentity:UserAssignedIdentity": ["resourceGroupName", "resourceName", "location"],
  "kubernetes:core/v1:Namespace": ["metadata.name"],
  "kubernetes:core/v1:PersistentVolumeClaim": [
    ...["metadata.name", "metadata.namespace", "spec.accessModes", "spec.storageClassName"],
    ...["spec.volumeName", "spec.selector"],
  ],
  // Not replaced by a diff at all; it is here because a new key is another password.
  "pulumi-nodejs:dynamic/mcpaas:GeneratedKey": [],
};

/** What AKS refuses to change in a cluster or a pool that exists, without azure-native's knowing. */
const FIXED_BY_AKS = [
  "vnetSubnetID",
  "availabilityZones",
  "osDiskType",
  "scaleSetPriority",
  "type",
  "osType",
];

const settingsOf = (stack: string): object =>
  Object.fromEntries(
    Object.entries<unknown>(
      parse(readFileSync(new URL(`../../Pulumi.${stack}.yaml`, import.meta.url), "utf8")).config,
    ).map(([key, value]) => [key.replace(/^mcpaas:/, ""), value]),
  );

/** One and the same stack with a sample's settings, under the mocks; sizes are chosen by the cores that are asked for. */
async function planned(sample: string): Promise<Registered[]> {
  const { resources } = await runWithMocks(
    () => pulumi.output(azureStack(parseSettings(settingsOf(sample), "live"))),
    {
      ...azure,
      outputs: {
        ...azure.outputs,
        "pulumi-nodejs:dynamic/mcpaas:VmSkuSelection": ({ pools }) => ({
          vmSizes: Object.fromEntries(
            Object.entries<{ gpus?: number; minVcpus?: number }>(pools).map(([name, { gpus, minVcpus }]) => [
              name,
              gpus ? "Standard_NC24ads_A100_v4" : minVcpus === 4 ? "Standard_D4as_v5" : "Standard_D2as_v5",
            ]),
          ),
          verified: true,
          verdicts: {},
        }),
      },
    },
    { stack: "live" },
  );
  return resources;
}

const at = (resource: Registered, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], resource.inputs);

/** The input by which parts name what they are a part of, for what can be locked. */
const NAMED_BY: Record<string, string> = {
  "azure-native:dbforpostgresql:Server": "serverName",
  "azure-native:dataprotection:BackupVault": "vaultName",
  "azure-native:operationalinsights:Workspace": "workspaceName",
  "azure-native:monitor:AzureMonitorWorkspace": "azureMonitorWorkspaceName",
  "azure-native:containerregistry:Registry": "registryName",
  "azure-native:containerservice:ManagedCluster": "resourceName",
};

function isPartOf(part: Registered, whole: Registered): boolean {
  const key = NAMED_BY[whole.type];
  if (key === undefined) throw new Error(`say in NAMED_BY how parts of ${whole.type} name it`);
  const sameService = part.type.split(":")[1] === whole.type.split(":")[1];
  return part !== whole && sameService && part.inputs[key] === whole.inputs[key];
}

describe("a stack that gets prod's settings after dev's", () => {
  let dev: Registered[];
  let prod: Map<string, Registered>;
  beforeAll(async () => {
    dev = await planned("dev");
    prod = new Map((await planned("prod")).map((resource) => [resource.urn, resource]));
    // A guard: two whole stacks are run, on a machine that may be busy.
  }, 120_000);

  /** Everything of the type in dev, with what prod makes of it. */
  const changes = (type: string) =>
    dev
      .filter((resource) => resource.type === type)
      .map((before) => ({ before, after: prod.get(before.urn) }));

  const replacedBy = ({ before, after }: { before: Registered; after: Registered | undefined }) =>
    after === undefined
      ? ["gone"]
      : (REPLACING[before.type] as readonly string[]).filter(
          (path) => JSON.stringify(at(before, path)) !== JSON.stringify(at(after, path)),
        );

  it.each(Object.keys(REPLACING).filter((type) => !type.endsWith("PersistentVolumeClaim")))(
    "keeps every %s",
    (type) => {
      const all = changes(type);
      expect(all.length).toBeGreaterThan(0);
      expect(all.map((change) => [change.before.name, replacedBy(change)])).toEqual(
        all.map(({ before }) => [before.name, []]),
      );
    },
  );

  it("leaves every volume in the cluster, also one that it has no more use for", () => {
    const claims = changes("kubernetes:core/v1:PersistentVolumeClaim");
    expect(claims.length).toBeGreaterThan(0);
    for (const change of claims) {
      const kept = replacedBy(change).length === 0 || change.before.retainOnDelete;
      expect([change.before.name, kept]).toEqual([change.before.name, true]);
    }
  });

  it("asks AKS for nothing that it refuses to change", () => {
    const cluster = "azure-native:containerservice:ManagedCluster";
    const [change] = changes(cluster);
    const profile = (resource: Registered | undefined) => resource?.inputs.agentPoolProfiles[0];
    // The inline pool isn't sent at all; these two say that a cluster made by either is the same in what can't change.
    expect(change?.after?.ignoreChanges).toContain("agentPoolProfiles");
    for (const key of FIXED_BY_AKS) {
      expect([key, profile(change?.after)?.[key]]).toEqual([key, profile(change?.before)?.[key]]);
    }
    for (const { before, after } of changes("azure-native:containerservice:AgentPool")) {
      for (const key of FIXED_BY_AKS) {
        expect([before.name, key, after?.inputs[key]]).toEqual([before.name, key, before.inputs[key]]);
      }
    }
    expect(change?.after?.inputs.apiServerAccessProfile).not.toHaveProperty("enablePrivateCluster");
  });

  it("makes pools anew where they get another size, and pools hold nothing", () => {
    const pools = changes("azure-native:containerservice:AgentPool");
    const another = pools.filter(({ before, after }) =>
      [...(after?.replaceOnChanges ?? [])].some(
        (path) => JSON.stringify(before.inputs[path]) !== JSON.stringify(after?.inputs[path]),
      ),
    );
    expect(another.map(({ before }) => before.name)).toEqual(["aks-user"]);
  });

  it("protects what it kept", () => {
    const kept = [...prod.values()].filter(({ protect }) => protect).map(({ type }) => type);
    for (const type of [
      "azure-native:resources:ResourceGroup",
      "azure-native:containerregistry:Registry",
      "azure-native:containerservice:ManagedCluster",
      "azure-native:operationalinsights:Workspace",
      "azure-native:monitor:AzureMonitorWorkspace",
      "azure-native:dbforpostgresql:Server",
      "azure-native:dbforpostgresql:Database",
      "azure-native:dataprotection:BackupVault",
      "azure-native:dataprotection:BackupInstance",
      "azure-native:storage:StorageAccount",
      "kubernetes:core/v1:PersistentVolumeClaim",
    ]) {
      expect([type, kept.includes(type)]).toEqual([type, true]);
    }
    expect(kept).not.toContain("azure-native:containerservice:AgentPool");
    expect(dev.some(({ protect }) => protect)).toBe(false);
  });

  it("locks in Azure what holds data and has no parts that change, and unlocks it before it is deleted", () => {
    const locks = [...prod.values()].filter(({ type }) => type.endsWith(":ManagementLockByScope"));
    expect(locks.map(({ name }) => name).sort()).toEqual(["database-lock", "logs-lock"]);
    for (const { inputs } of locks) expect(inputs.level).toBe("CanNotDelete");
  });

  it("locks nothing below which something must be free to go", () => {
    const all = [...prod.values()];
    const scopes = all
      .filter(({ type }) => type.endsWith(":ManagementLockByScope"))
      .map(({ inputs }) => inputs.scope as string);
    const locked = all.filter(
      ({ type, name }) => type.startsWith("azure-native:") && scopes.includes(`${name}-id`),
    );
    expect(locked.length).toBe(scopes.length);
    // What is below a scope names it: as its scope (role assignments), or by its name in its own path (parts).
    const below = all.filter(
      (each) =>
        !each.type.endsWith(":ManagementLockByScope") &&
        (scopes.includes(each.inputs.scope) || locked.some((above) => isPartOf(each, above))),
    );
    expect(below.map(({ name }) => name)).toContain("chat-postgresql-database");
    expect(below.filter(({ protect }) => !protect).map(({ name }) => name)).toEqual([]);
  });
});
