import { describe, expect, it } from "vitest";
import { AcrForAks, type AcrForAksArgs } from "../../../components/acrForAks.ts";
import { azure } from "../../support/azure.ts";
import { runWithMocks } from "../../support/mocks.ts";

const REGISTRY = "azure-native:containerregistry:Registry";
const ENDPOINT = "azure-native:network:PrivateEndpoint";
const PLACE = { subnetId: "/subnet", networkId: "/network" };

const run = (args: Partial<AcrForAksArgs> = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () => new AcrForAks("registry", { resourceGroupName: "rg", location: "eastus", ...args }),
    azure,
    options,
  );

describe.each([{ preview: false }, { preview: true }])(
  "who reaches a registry, preview: $preview",
  ({ preview }) => {
    it("is everybody, where no SKU has anything else", async () => {
      for (const sku of ["Basic", "Standard"] as const) {
        const { find } = await run({ sku }, { preview });
        // The SDK says "Enabled" by itself.
        expect(find(REGISTRY).inputs.publicNetworkAccess).toBe("Enabled");
        expect(find(REGISTRY).inputs).not.toHaveProperty("networkRuleSet");
      }
    });

    it.each([
      ["everybody again, when an endpoint is taken away", {}, "Enabled", "Allow", []],
      ["everybody and the network", { privateEndpoint: PLACE }, "Enabled", "Allow", []],
      [
        "the network and those who push",
        { privateEndpoint: PLACE, allowedIpRanges: ["203.0.113.0/24"] },
        "Enabled",
        "Deny",
        [{ action: "Allow", iPAddressOrRange: "203.0.113.0/24" }],
      ],
      ["the network alone", { privateEndpoint: PLACE, publicAccess: false }, "Disabled", "Deny", []],
    ])("is %s", async (_, args, publicNetworkAccess, defaultAction, ipRules) => {
      const { find } = await run({ sku: "Premium", ...args }, { preview });
      expect(find(REGISTRY).inputs).toMatchObject({
        publicNetworkAccess,
        networkRuleSet: { defaultAction, ipRules },
      });
    });

    it("goes by an endpoint of the registry", async () => {
      const { find } = await run({ sku: "Premium", privateEndpoint: PLACE }, { preview });
      expect(find(ENDPOINT).inputs.privateLinkServiceConnections[0].groupIds).toEqual(["registry"]);
    });

    it("is no matter of the registry's name", async () => {
      const name = async (args: Partial<AcrForAksArgs>) =>
        (await run(args, { preview })).find(REGISTRY).inputs.registryName;
      expect(await name({ sku: "Premium", privateEndpoint: PLACE, protect: true })).toBe(await name({}));
    });
  },
);

describe("AcrForAks", () => {
  it("can be protected", async () => {
    expect((await run({ protect: true })).find(REGISTRY).protect).toBe(true);
    expect((await run()).find(REGISTRY).protect).toBe(false);
  });

  it.each([
    [
      { sku: "Basic", privateEndpoint: PLACE },
      "privateEndpoint: is not allowed; it must be left out, because only",
    ],
    [
      { sku: "Standard", allowedIpRanges: ["203.0.113.0/24"] },
      "allowedIpRanges: is not allowed; it must be left out",
    ],
    [{ sku: "Premium", allowedIpRanges: ["203.0.113.0/24"] }, "or the cluster's nodes are kept out"],
    [
      { sku: "Premium", privateEndpoint: PLACE, publicAccess: false, allowedIpRanges: ["203.0.113.0/24"] },
      "because publicAccess is false",
    ],
    [
      { sku: "Premium", publicAccess: false },
      "publicAccess: is not allowed; it must be true without privateEndpoint",
    ],
    [
      { sku: "Premium", privateEndpoint: PLACE, allowedIpRanges: ["203.0.113.1/24"] },
      'allowedIpRanges[0]: "203.0.113.1/24" is not allowed',
    ],
  ] as [Partial<AcrForAksArgs>, string][])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
