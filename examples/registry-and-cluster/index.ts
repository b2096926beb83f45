/**
 * A registry, and a cluster that pulls from it without a password. Sizes of nodes are chosen by quota; `gpuNodes: 1`
 * adds a GPU pool that costs nothing while no model runs.
 */
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { AcrForAks, AksWithGpuPool } from "mcpaas";

const config = new pulumi.Config();
const location = config.require("location");
const maxCount = config.requireNumber("gpuNodes");
const tags = { owner: "platform", costCenter: "none", ttl: "30d" };

const { name: resourceGroupName } = new ResourceGroup("tools", { location, tags });

const cluster = new AksWithGpuPool("tools", {
  resourceGroupName,
  location,
  tags,
  systemPool: { minCount: 1, maxCount: 2 },
  gpuPool: maxCount > 0 ? { preferredSkus: ["Standard_NC24ads_A100_v4"], maxCount } : undefined,
});

const registry = new AcrForAks("tools", {
  resourceGroupName,
  location,
  tags,
  kubeletIdentityObjectId: cluster.kubeletIdentity.objectId,
});

export const { loginServer } = registry;
export const { kubeconfig, vmSizes, verdicts } = cluster;
