import type * as pulumi from "@pulumi/pulumi";
import { PlatformNetwork } from "../../components/platformNetwork.ts";
import type { PrivatePlace } from "../../components/privateLink.ts";
import { argumentsFrom } from "../../components/validation.ts";
import type { Settings } from "../settings.ts";
import { mutable } from "../shared/mutable.ts";

/** The stack's own network, if it has one; its name doesn't depend on what is in it. */
export function platformNetwork(
  settings: Settings,
  resourceGroupName: pulumi.Input<string>,
): PlatformNetwork | undefined {
  const { network, location, tags, stack } = settings;
  if (!network.enabled) return undefined;
  const { enabled: _, privateDnsZones: __, ...ranges } = mutable(network);
  return argumentsFrom(
    "mcpaas:network",
    () =>
      new PlatformNetwork("network", {
        ...ranges,
        resourceGroupName,
        location,
        networkName: `vnet-mcpaas-${stack}`,
        tags,
      }),
  );
}

/** Where private endpoints go; the settings have been checked, so that whoever asks has a network. */
export function privatePlace({ network }: Settings, made: PlatformNetwork | undefined): PrivatePlace {
  if (made === undefined) throw new Error("a private endpoint was asked for, and there is no network");
  return { subnetId: made.endpointsSubnetId, networkId: made.id, zone: network.privateDnsZones };
}
