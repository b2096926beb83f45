import * as pulumi from "@pulumi/pulumi";
import { thinDeletingProvider } from "../dynamic/thinProvider.ts";

/** Arguments of {@link AppRoutingGateway}. */
export interface AppRoutingGatewayArgs {
  /** ARM id of the cluster. Another cluster is another resource. */
  clusterId: pulumi.Input<string>;
}

/**
 * Switches on AKS's managed Gateway API and application routing's implementation of it (GatewayClass
 * "approuting-istio"). When it is deleted, but not with its cluster (give it `deletedWith`), it switches the
 * implementation off, unless that was on before it. The Gateway API stays, which Gateways of other classes need, too:
 * `az aks update --disable-gateway-api` takes it away, with all of them.
 *
 * A resource of its own, because @pulumi/azure-native 3.28 speaks version 2025-09-01 to AKS, which doesn't know
 * these properties. What azure-native sends afterwards doesn't name them, and AKS is taken to keep them then, as
 * whoever pairs Terraform's azurerm with azapi does; if it didn't, `pulumi up --refresh` would see it and put it
 * right, as when somebody switched it off. It reads the cluster, changes what differs and sends it back, as
 * `az aks update` does, and waits while AKS is busy with the cluster. Give it `dependsOn` on the pools, whose changes
 * AKS refuses meanwhile. Takes some minutes; costs nothing.
 *
 * Source: `ingressProfile` of Microsoft.ContainerService/managedClusters, 2026-06-01.
 */
export class AppRoutingGateway extends pulumi.dynamic.Resource {
  constructor(name: string, args: AppRoutingGatewayArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { clusterId: args.clusterId, enabled: true }, opts, "mcpaas", "AppRoutingGateway");
  }
}

/** That of a cluster whose pools are these: AKS does one thing at a time. */
export function appRoutingGateway(
  parent: pulumi.Resource,
  name: string,
  cluster: pulumi.CustomResource,
  pools: pulumi.Resource[],
): AppRoutingGateway {
  return new AppRoutingGateway(
    name,
    { clusterId: cluster.id },
    {
      parent,
      dependsOn: pools,
      deletedWith: cluster,
      customTimeouts: { create: "60m", update: "60m", delete: "60m" },
    },
  );
}

const provider = thinDeletingProvider<typeof import("./appRoutingGateway/provider.ts")>(
  "aksWithGpuPool/appRoutingGateway/provider",
);
