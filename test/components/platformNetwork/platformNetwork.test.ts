import { describe, expect, it } from "vitest";
import { PlatformNetwork, type PlatformNetworkArgs } from "../../../components/platformNetwork.ts";
import { azure } from "../../support/azure.ts";
import { needs, resolved, runWithMocks } from "../../support/mocks.ts";

const NETWORK = "azure-native:network:VirtualNetwork";
const SUBNET = "azure-native:network:Subnet";

const run = (args: Partial<PlatformNetworkArgs> = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => new PlatformNetwork("network", { resourceGroupName: "rg", location: "eastus", ...args }),
    azure,
    options,
  );

describe.each([{ preview: false }, { preview: true }])(
  "PlatformNetwork, preview: $preview",
  ({ preview }) => {
    it("has a subnet for nodes and one for private endpoints, one written after the other", async () => {
      const { find, resources } = await run({}, { preview });
      expect(find(NETWORK).inputs).toMatchObject({
        virtualNetworkName: "vnet-network",
        addressSpace: { addressPrefixes: ["10.224.0.0/16"] },
      });
      // Subnets in the network's own inputs would be taken away by the next update.
      expect(find(NETWORK).inputs.subnets).toBeUndefined();
      const [nodes, endpoints] = [find(SUBNET, "network-nodes"), find(SUBNET, "network-endpoints")];
      expect(nodes.inputs).toMatchObject({ subnetName: "nodes", addressPrefix: "10.224.0.0/20" });
      expect(endpoints.inputs).toMatchObject({ subnetName: "endpoints", addressPrefix: "10.224.16.0/24" });
      expect(needs(resources, endpoints, nodes)).toBe(true);
    });
  },
);

describe("PlatformNetwork", () => {
  it("tells ids and the endpoints' range", async () => {
    const { result } = await run({ endpointsSubnet: "10.224.20.0/26" });
    expect(await resolved(result.nodesSubnetId)).toBe("network-nodes-id");
    expect(await resolved(result.endpointsSubnetId)).toBe("network-endpoints-id");
    expect(await resolved(result.id)).toBe("network-id");
    expect(result.endpointsRange).toBe("10.224.20.0/26");
  });

  it("refuses ranges that can't be", async () => {
    await expect(run({ nodesSubnet: "10.225.0.0/20" })).rejects.toThrow(
      "nodesSubnet: 10.225.0.0/20 is not allowed; it must be inside addressSpace, which is 10.224.0.0/16",
    );
  });
});
