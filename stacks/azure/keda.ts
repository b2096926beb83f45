import type * as pulumi from "@pulumi/pulumi";
import type { AksWithGpuPool } from "../../components/aksWithGpuPool.ts";
import type { KedaPrometheus } from "../../components/autoscaling/scaledObject.ts";
import { KedaPrometheusIdentity } from "../../components/kedaPrometheusIdentity.ts";
import { hasKeda, prometheusUsers } from "../settings/keda.ts";
import type { Settings } from "../settings.ts";

/** What KEDA's queries need. */
interface Surroundings {
  cluster: AksWithGpuPool;
  clusterName: string;
  resourceGroupName: pulumi.Input<string>;
  /** The Azure Monitor workspace, when there is one. */
  monitoring:
    | {
        azureMonitorWorkspaceId: pulumi.Output<string> | undefined;
        prometheusQueryEndpoint: pulumi.Output<string> | undefined;
      }
    | undefined;
}

/** Where KEDA asks and as whom, made once for all that scales by it; nothing when nothing does. */
export function kedaPrometheus(
  settings: Settings,
  { cluster, clusterName, resourceGroupName, monitoring }: Surroundings,
): KedaPrometheus | undefined {
  const { azureMonitorWorkspaceId: workspaceId, prometheusQueryEndpoint: serverAddress } = monitoring ?? {};
  if (!hasKeda(settings) || prometheusUsers(settings).length === 0) return undefined;
  // The settings have been checked: whoever scales by Azure Monitor's metrics has them.
  if (workspaceId === undefined || serverAddress === undefined) return undefined;
  const { clientId } = new KedaPrometheusIdentity("keda-prometheus", {
    identityName: `id-keda-mcpaas-${settings.stack}`,
    resourceGroupName,
    location: settings.location,
    oidcIssuerUrl: cluster.oidcIssuerUrl,
    workspaceId,
    tags: settings.tags,
  });
  return { serverAddress, identityClientId: clientId, cluster: clusterName };
}
