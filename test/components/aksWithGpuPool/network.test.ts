import { describe, expect, it } from "vitest";
import { AksWithGpuPool, type AksWithGpuPoolArgs } from "../../../components/aksWithGpuPool.ts";
import { BUILT_IN_ROLES } from "../../../components/roles.ts";
import { azure } from "../../support/azure.ts";
import { needs, runWithMocks } from "../../support/mocks.ts";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";
const ROLE = "azure-native:authorization:RoleAssignment";

const run = (args: Partial<AksWithGpuPoolArgs> = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => new AksWithGpuPool("aks", { resourceGroupName: "rg", location: "eastus", userPool: {}, ...args }),
    azure,
    options,
  );

describe.each([{ preview: false }, { preview: true }])(
  "a cluster's network, preview: $preview",
  ({ preview }) => {
    it("is AKS's own when nothing is said", async () => {
      const { find, resources } = await run({}, { preview });
      expect(find(CLUSTER).inputs.agentPoolProfiles[0]).not.toHaveProperty("vnetSubnetID");
      expect(find(POOL).inputs).not.toHaveProperty("vnetSubnetID");
      expect(resources.some(({ name }) => name === "aks-network")).toBe(false);
    });

    it("is one subnet for all pools, which the control plane may use before there is a cluster", async () => {
      const { find, resources } = await run({ nodesSubnetId: "/subnet" }, { preview });
      expect(find(CLUSTER).inputs.agentPoolProfiles[0].vnetSubnetID).toBe("/subnet");
      expect(find(POOL).inputs.vnetSubnetID).toBe("/subnet");
      const role = find(ROLE, "aks-network");
      expect(role.inputs).toMatchObject({
        scope: "/subnet",
        principalType: "ServicePrincipal",
        roleDefinitionId: expect.stringContaining(BUILT_IN_ROLES.networkContributor),
      });
      expect(needs(resources, find(CLUSTER), role)).toBe(true);
    });

    it("stays what it was: no pool of a cluster is sent to another one, or made anew for it", async () => {
      const { find } = await run({ nodesSubnetId: "/subnet" }, { preview });
      expect(find(CLUSTER).ignoreChanges).toContain("agentPoolProfiles");
      expect(find(POOL).ignoreChanges).toContain("vnetSubnetID");
      expect(find(POOL).replaceOnChanges).not.toContain("vnetSubnetID");
    });
  },
);

it("AksWithGpuPool protects the cluster when told, and never its pools", async () => {
  const { find } = await run({ protect: true });
  expect([find(CLUSTER).protect, find(POOL).protect]).toEqual([true, false]);
  expect((await run()).find(CLUSTER).protect).toBe(false);
});
