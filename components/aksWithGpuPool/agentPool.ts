import { AgentPool, type AgentPoolArgs } from "@pulumi/azure-native/containerservice/agentPool.js";
import * as pulumi from "@pulumi/pulumi";
import { inSubnet } from "./clusterArgs.ts";
import { cudaLabels } from "./cudaLabels.ts";
import { type NodePool, poolProperties } from "./pools.ts";

/** Makes a pool that isn't part of the cluster itself, and so can be changed and replaced on its own. */
export function agentPool(
  parent: pulumi.Resource,
  name: string,
  pool: NodePool,
  {
    nodesSubnetId,
    ...place
  }: Pick<AgentPoolArgs, "resourceGroupName" | "resourceName" | "vmSize" | "tags"> & {
    nodesSubnetId?: pulumi.Input<string>;
  },
): AgentPool {
  return new AgentPool(
    name,
    {
      ...place,
      agentPoolName: pool.name,
      ...poolProperties(pool),
      ...inSubnet(nodesSubnetId),
      ...(pool.role === "gpu"
        ? {
            nodeLabels: pulumi
              .output(place.vmSize)
              .apply((vmSize) => ({ ...cudaLabels(vmSize), ...pool.labels })),
          }
        : {}),
    },
    {
      parent,
      // The autoscaler owns the count, and all pools stay in the network that the cluster was made in: AKS takes no
      // other. It refuses the others on a pool that exists; the old pool goes first, because the quota that let it in
      // is seldom enough for two.
      ignoreChanges: ["count", "vnetSubnetID"],
      replaceOnChanges: ["vmSize", "availabilityZones", "scaleSetPriority", "osDiskSizeGB", "gpuProfile"],
      deleteBeforeReplace: true,
      customTimeouts: { create: "60m", update: "60m", delete: "60m" },
    },
  );
}
