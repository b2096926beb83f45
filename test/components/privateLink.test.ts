import { describe, expect, it } from "vitest";
import { PRIVATE_SERVICES, PrivateLink, type PrivateLinkArgs } from "../../components/privateLink.ts";
import { azure } from "../support/azure.ts";
import { needs, runWithMocks } from "../support/mocks.ts";

const ENDPOINT = "azure-native:network:PrivateEndpoint";
const ZONE = "azure-native:privatedns:PrivateZone";
const LINK = "azure-native:privatedns:VirtualNetworkLink";
const RECORDS = "azure-native:network:PrivateDnsZoneGroup";

const run = (args: Partial<PrivateLinkArgs> = {}, options: { preview?: boolean } = {}) =>
  runWithMocks(
    () =>
      new PrivateLink("link", {
        resourceGroupName: "rg",
        location: "eastus",
        subnetId: "/subnet",
        networkId: "/network",
        service: "registry",
        targetId: "/registry",
        ...args,
      }),
    azure,
    options,
  );

describe.each([{ preview: false }, { preview: true }])("PrivateLink, preview: $preview", ({ preview }) => {
  it("is an address in the subnet, which the service's name means in the network", async () => {
    const { find, resources } = await run({}, { preview });
    expect(find(ENDPOINT).inputs).toMatchObject({
      privateEndpointName: "pe-link",
      subnet: { id: "/subnet" },
      privateLinkServiceConnections: [{ privateLinkServiceId: "/registry", groupIds: ["registry"] }],
    });
    expect(find(ZONE).inputs).toMatchObject({
      privateZoneName: "privatelink.azurecr.io",
      location: "global",
    });
    expect(find(LINK).inputs).toMatchObject({
      virtualNetwork: { id: "/network" },
      registrationEnabled: false,
      location: "global",
    });
    expect(find(RECORDS).inputs.privateDnsZoneGroupName).toBe("default");
    // Names mean something in the network only once it is linked: whoever waits for the records can use them.
    expect(needs(resources, find(RECORDS), find(LINK))).toBe(true);
    expect(needs(resources, find(RECORDS), find(ENDPOINT))).toBe(true);
  });

  it("leaves the zone to others when told", async () => {
    const { resources } = await run({ zone: false }, { preview });
    expect(resources.map(({ type }) => type)).toEqual(["mcpaas:index:PrivateLink", ENDPOINT]);
  });
});

it.each(Object.entries(PRIVATE_SERVICES))("PrivateLink knows how %s is called", async (service, facts) => {
  const { find } = await run({ service: service as keyof typeof PRIVATE_SERVICES });
  const [connection] = find(ENDPOINT).inputs.privateLinkServiceConnections;
  expect([connection.groupIds, find(ZONE).inputs.privateZoneName]).toEqual([[facts.groupId], facts.zone]);
});
