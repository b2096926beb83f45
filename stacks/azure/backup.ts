import type * as pulumi from "@pulumi/pulumi";
import type { AksWithGpuPool } from "../../components/aksWithGpuPool.ts";
import { ClusterBackup } from "../../components/clusterBackup.ts";
import type { PlatformNetwork } from "../../components/platformNetwork.ts";
import { argumentsFrom } from "../../components/validation.ts";
import { backedUpNamespaces } from "../settings/schema/networkConflicts.ts";
import type { Settings } from "../settings.ts";
import { mutable } from "../shared/mutable.ts";
import { privatePlace } from "./network.ts";

/** Backups of the cluster's volumes, if the settings want some. */
export function clusterBackup(
  settings: Settings,
  place: {
    resourceGroupName: pulumi.Input<string>;
    clusterName: string;
    cluster: AksWithGpuPool;
    network: PlatformNetwork | undefined;
  },
): ClusterBackup | undefined {
  const { backup, location, tags, protect, resourceGroup } = settings;
  if (!backup.enabled) return undefined;
  const { enabled: _, privateEndpoint, namespaces: __, ...schedule } = mutable(backup);
  const { cluster, clusterName, resourceGroupName, network } = place;
  return argumentsFrom(
    "mcpaas:backup",
    () =>
      new ClusterBackup(
        "backup",
        {
          ...schedule,
          resourceGroupName,
          location,
          clusterId: cluster.id,
          clusterName,
          controlPlaneObjectId: cluster.controlPlaneIdentity.objectId,
          namespaces: backedUpNamespaces(settings),
          snapshotResourceGroup: `${resourceGroup}-snapshots`,
          privateEndpoint: privateEndpoint ? privatePlace(settings, network) : undefined,
          protect,
          tags,
        },
        // The extension's pods run on the cluster's pools.
        { dependsOn: [cluster] },
      ),
  );
}
