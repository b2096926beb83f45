import { describe, expect, it } from "vitest";
import {
  type ClusterShape,
  clusterArgs,
  driftedProperties,
} from "../../../components/aksWithGpuPool/clusterArgs.ts";
import { nodePool } from "../../../components/aksWithGpuPool/pools.ts";

const build = (shape: ClusterShape = {}, clusterName = "aks") =>
  clusterArgs(shape, {
    clusterName,
    resourceGroupName: "rg",
    location: "eastus",
    identityId: "/identity",
    systemPool: nodePool("system", { minCount: 2, maxCount: 3 }),
    systemVmSize: "Standard_D2as_v5",
  });

describe("clusterArgs", () => {
  it("by default is what the design asks for", () => {
    expect(build()).toMatchObject({
      sku: { name: "Base", tier: "Free" },
      identity: { type: "UserAssigned", userAssignedIdentities: ["/identity"] },
      enableRBAC: true,
      oidcIssuerProfile: { enabled: true },
      securityProfile: {
        workloadIdentity: { enabled: true },
        imageCleaner: { enabled: true, intervalHours: 168 },
      },
      networkProfile: {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataplane: "cilium",
        networkPolicy: "cilium",
      },
      autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
      agentPoolProfiles: [
        {
          name: "system",
          mode: "System",
          vmSize: "Standard_D2as_v5",
          count: 2,
          minCount: 2,
          maxCount: 3,
          localDNSProfile: { mode: "Disabled" },
        },
      ],
    });
  });

  it("leaves out what nobody asked for", () => {
    for (const property of [
      "kubernetesVersion",
      "aadProfile",
      "disableLocalAccounts",
      "apiServerAccessProfile",
      "supportPlan",
    ]) {
      expect(build()).not.toHaveProperty(property);
    }
  });

  it("sends KEDA's switch only when somebody set it", () => {
    expect(build()).not.toHaveProperty("workloadAutoScalerProfile");
  });

  it.each<[string, ClusterShape, object]>([
    ["KEDA on", { keda: true }, { workloadAutoScalerProfile: { keda: { enabled: true } } }],
    ["KEDA off", { keda: false }, { workloadAutoScalerProfile: { keda: { enabled: false } } }],
    [
      "how nodes come and go",
      { autoscaler: { scaleDownUnneededMinutes: 30 } },
      { autoScalerProfile: { expander: "least-waste", scaleDownUnneededTime: "30m" } },
    ],
    ["version", { kubernetesVersion: "1.34" }, { kubernetesVersion: "1.34" }],
    ["tier", { tier: "Standard" }, { sku: { name: "Base", tier: "Standard" } }],
    ["long-term support", { tier: "Premium" }, { supportPlan: "AKSLongTermSupport" }],
    [
      "channels",
      { upgradeChannel: "stable", nodeOsUpgradeChannel: "SecurityPatch" },
      { autoUpgradeProfile: { upgradeChannel: "stable", nodeOSUpgradeChannel: "SecurityPatch" } },
    ],
    [
      "authorised ranges",
      { authorizedIpRanges: ["203.0.113.0/24"] },
      { apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] } },
    ],
    ["private cluster", { privateCluster: true }, { apiServerAccessProfile: { enablePrivateCluster: true } }],
    [
      "Entra ID",
      { entra: { adminGroupObjectIds: ["g"] } },
      {
        disableLocalAccounts: true,
        aadProfile: { managed: true, enableAzureRBAC: true, adminGroupObjectIDs: ["g"] },
      },
    ],
    [
      "Entra ID with local accounts",
      { entra: { azureRbac: false, disableLocalAccounts: false } },
      { disableLocalAccounts: false, aadProfile: { enableAzureRBAC: false } },
    ],
    [
      "networks",
      { podCidr: "10.10.0.0/16", serviceCidr: "10.20.0.0/16" },
      {
        networkProfile: { podCidr: "10.10.0.0/16", serviceCidr: "10.20.0.0/16", dnsServiceIP: "10.20.0.10" },
      },
    ],
  ])("passes on: %s", (_, shape, expected) => {
    expect(build(shape)).toMatchObject(expected);
  });

  it.each<[ClusterShape, RegExp]>([
    [{ authorizedIpRanges: ["everyone"] }, /^authorizedIpRanges\[0\]: "everyone" is not allowed/],
    [{ authorizedIpRanges: ["10.0.0.0/8"], privateCluster: true }, /no public address to restrict/],
    [{ kubernetesVersion: "latest" }, /^kubernetesVersion: "latest" is not allowed/],
    [{ imageCleanerIntervalHours: 1 }, /^imageCleanerIntervalHours: 1 is not allowed; .* 24 to 2160/],
    [{ podCidr: "10.244.0.0" }, /^podCidr: "10.244.0.0" is not allowed; it must be an IP range/],
    [{ serviceCidr: "10.300.0.0/16" }, /^serviceCidr: /],
    [{ authorizedIpRanges: ["2001:db8::/32"] }, /it must be an IPv4 range/],
  ])("refuses %j", (shape, message) => {
    expect(() => build(shape)).toThrow(message);
  });

  it("refuses a name that is no DNS prefix", () => {
    expect(() => build({}, "aks_1")).toThrow(/^clusterName: "aks_1" is not allowed/);
  });
});

describe("driftedProperties", () => {
  it.each([
    [{}, false, ["agentPoolProfiles", "ingressProfile"]],
    [{}, true, ["agentPoolProfiles[0].count", "ingressProfile"]],
    [{ upgradeChannel: "patch" }, false, ["agentPoolProfiles", "ingressProfile"]],
    [{ upgradeChannel: "stable" }, false, ["agentPoolProfiles", "ingressProfile", "kubernetesVersion"]],
    [
      { upgradeChannel: "rapid" },
      true,
      ["agentPoolProfiles[0].count", "ingressProfile", "kubernetesVersion"],
    ],
  ] as const)("%j, system pool updated: %s", (shape, update, expected) => {
    expect(driftedProperties(shape, update)).toEqual(expected);
  });
});
