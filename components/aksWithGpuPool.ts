import { MaintenanceConfiguration } from "@pulumi/azure-native/containerservice/maintenanceConfiguration.js";
import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import type { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { administratorRoles, kubeconfigOf, kubernetesProvider } from "./aksWithGpuPool/access.ts";
import { agentPool } from "./aksWithGpuPool/agentPool.ts";
import { appRoutingGateway } from "./aksWithGpuPool/appRoutingGateway.ts";
import type { AksWithGpuPoolArgs } from "./aksWithGpuPool/args.ts";
import { clusterArgs, driftedProperties } from "./aksWithGpuPool/clusterArgs.ts";
import { maintenanceWindows } from "./aksWithGpuPool/maintenance.ts";
import { ownPools } from "./aksWithGpuPool/ownPools.ts";
import { type NodePool, nodePool } from "./aksWithGpuPool/pools.ts";
import { priorityOrder } from "./aksWithGpuPool/priorities.ts";
import { type IdentityRef, kubeletIdentity, oidcIssuerUrl } from "./aksWithGpuPool/reported.ts";
import { selectingLabels } from "./aksWithGpuPool/spot.ts";
import { clientConfig } from "./azure/clientConfig.ts";
import { grantRole } from "./roles.ts";
import { type SkuVerdict, VmSkuSelection } from "./vmSkuSelection.ts";

export type { AksWithGpuPoolArgs } from "./aksWithGpuPool/args.ts";
export type { AutoscalerArgs } from "./aksWithGpuPool/autoscaler.ts";
export type { ClusterShape } from "./aksWithGpuPool/clusterArgs.ts";
export type { Administrator, EntraArgs } from "./aksWithGpuPool/entra.ts";
export type { KubeloginMode } from "./aksWithGpuPool/kubeconfig.ts";
export type { MaintenanceArgs } from "./aksWithGpuPool/maintenance.ts";
export type { ClusterMonitoringProfile } from "./aksWithGpuPool/monitoring.ts";
export type { GpuPoolArgs, NodePoolArgs } from "./aksWithGpuPool/pools.ts";
export type { IdentityRef } from "./aksWithGpuPool/reported.ts";
export type { FallbackPoolArgs } from "./aksWithGpuPool/spot.ts";

/**
 * An AKS cluster whose node pools have VM sizes that the subscription has quota for: a system pool inline, and a
 * user pool and GPU pools as resources of their own. Azure CNI overlay with Cilium, OIDC issuer and workload identity.
 *
 * The control plane's identity is user-assigned: it exists before the cluster and outlives a replacement of it,
 * so what is granted to it (a subnet, a DNS zone) can be granted beforehand and stays.
 *
 * Costs: the nodes, by the hour, from `minCount` to `maxCount` (one A100 node is about 3.7 USD an hour); the
 * Standard tier 0.10 USD an hour; a load balancer with one public address for outgoing traffic.
 */
export class AksWithGpuPool extends pulumi.ComponentResource {
  /** ARM id of the cluster. */
  declare readonly id: pulumi.Output<string>;
  /** The cluster's name in Azure. */
  declare readonly clusterName: pulumi.Output<string>;
  /** How to reach the cluster, secret. With local accounts off it calls `kubelogin`. */
  declare readonly kubeconfig: pulumi.Output<string>;
  /** A provider for resources in this cluster. */
  declare readonly provider: Provider;
  /** Issuer of the tokens of service accounts, for federated credentials. */
  declare readonly oidcIssuerUrl: pulumi.Output<string>;
  /** What the control plane acts as; give it rights on a network or a DNS zone. */
  declare readonly controlPlaneIdentity: IdentityRef;
  /** What pulls images; give it AcrPull. */
  declare readonly kubeletIdentity: IdentityRef;
  /** Labels to select a pool's nodes by, those of its fallback included. */
  declare readonly poolLabels: Record<string, Record<string, string>>;
  /** ARM ids of the pools that are resources of their own, which the system pool isn't. */
  declare readonly poolIds: Record<string, pulumi.Output<string>>;
  /** Whether AKS runs KAITO as an add-on; KaitoInstall must not install it then. */
  declare readonly aiToolchainOperator: boolean;
  /** Known when AKS has the Gateway API; undefined without `appRoutingGateway`. */
  declare readonly gatewayApi: pulumi.Output<string> | undefined;
  /** The VM size of each pool. */
  declare readonly vmSizes: pulumi.Output<Record<string, string>>;
  /** Why these sizes: every candidate's verdict, by pool. */
  declare readonly verdicts: pulumi.Output<Record<string, SkuVerdict[]>>;

  constructor(name: string, args: AksWithGpuPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:AksWithGpuPool", name, {}, opts);
    const clusterName = args.clusterName ?? name;
    const { resourceGroupName, location, tags, nodesSubnetId } = args;
    const client = clientConfig({ parent: this });
    const subscriptionId = pulumi.output(args.subscriptionId ?? client.subscriptionId);
    const systemPool = nodePool("system", args.systemPool ?? {});
    const besides = ownPools(args);
    const pools = [systemPool, ...besides];
    // A fallback has the size of its pool.
    const chosen = pools.filter(({ name, sizeOf }) => sizeOf === name);
    const prioritized = pools.some(({ fallback }) => fallback !== undefined);

    // One selection for all pools: they share the region's quota, and pools of a family share the family's.
    const selection = new VmSkuSelection(
      `${name}-vm-sizes`,
      {
        subscriptionId,
        location,
        pools: Object.fromEntries(chosen.map((pool) => [pool.name, pool.request])),
        clusterId: pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.ContainerService/managedClusters/${clusterName}`,
        otherLocations: args.otherLocations,
        reselect: args.reselect,
        strict: args.strictSkuSelection,
      },
      { parent: this },
    );
    const vmSize = (pool: NodePool) => selection.vmSizes.apply((sizes) => sizes[pool.sizeOf] as string);

    const identity = new UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, location, resourceName: `id-${clusterName}`, tags },
      { parent: this },
    );
    // Before the cluster, whose nodes join the subnet by it.
    const joins =
      nodesSubnetId === undefined
        ? []
        : [
            grantRole(
              `${name}-network`,
              {
                role: "networkContributor",
                scope: nodesSubnetId,
                subscriptionId,
                principalId: identity.principalId,
                principalType: "ServicePrincipal",
              },
              { parent: this },
            ),
          ];
    const cluster = new ManagedCluster(
      name,
      clusterArgs(args, {
        clusterName,
        resourceGroupName,
        location,
        identityId: identity.id,
        systemPool,
        systemVmSize: vmSize(systemPool),
        nodesSubnetId,
        prioritizedPools: prioritized,
        tags,
      }),
      {
        parent: this,
        protect: args.protect ?? false,
        dependsOn: joins,
        ignoreChanges: driftedProperties(args, args.updateSystemPool ?? false),
        customTimeouts: { create: "60m", update: "60m", delete: "60m" },
      },
    );
    for (const [configName, maintenanceWindow] of Object.entries(maintenanceWindows(args.maintenance))) {
      new MaintenanceConfiguration(
        `${name}-${configName}`,
        { resourceGroupName, resourceName: cluster.name, configName, maintenanceWindow },
        { parent: this },
      );
    }
    const ownAgentPools = besides.map((pool) => {
      const place = {
        resourceGroupName,
        resourceName: cluster.name,
        vmSize: vmSize(pool),
        nodesSubnetId,
        tags,
      };
      return [pool.name, agentPool(this, `${name}-${pool.name}`, pool, place)] as const;
    });
    const poolIds = ownAgentPools.map(([pool, { id }]) => [pool, id] as const);
    this.gatewayApi = args.appRoutingGateway
      ? appRoutingGateway(
          this,
          `${name}-app-routing`,
          cluster,
          ownAgentPools.map(([, pool]) => pool),
        ).id
      : undefined;

    const roles = administratorRoles(
      this,
      name,
      args.entra,
      { scope: cluster.id, subscriptionId },
      client.objectId,
    );
    // The id is known when a cluster is only updated, so that the preview of an update can ask for credentials.
    const reachable = pulumi.all([cluster.id, ...roles.map((role) => role.id)]).apply(() => clusterName);
    this.kubeconfig = kubeconfigOf(this, resourceGroupName, reachable, args.entra);
    this.provider = kubernetesProvider(this, `${name}-kubernetes`, this.kubeconfig, cluster.id);
    if (prioritized) priorityOrder(this, `${name}-priorities`, pools, this.provider, cluster);

    this.id = cluster.id;
    this.clusterName = cluster.name;
    this.oidcIssuerUrl = oidcIssuerUrl(cluster);
    this.controlPlaneIdentity = {
      id: identity.id,
      clientId: identity.clientId,
      objectId: identity.principalId,
    };
    this.kubeletIdentity = kubeletIdentity(cluster);
    this.poolLabels = Object.fromEntries(chosen.map((pool) => [pool.name, selectingLabels(pool)]));
    this.poolIds = Object.fromEntries(poolIds);
    this.aiToolchainOperator = args.aiToolchainOperator ?? false;
    this.vmSizes = selection.vmSizes;
    this.verdicts = selection.verdicts;
    this.registerOutputs({
      id: this.id,
      clusterName: this.clusterName,
      kubeconfig: this.kubeconfig,
      oidcIssuerUrl: this.oidcIssuerUrl,
      controlPlaneIdentity: this.controlPlaneIdentity,
      kubeletIdentity: this.kubeletIdentity,
      poolLabels: this.poolLabels,
      poolIds: this.poolIds,
      aiToolchainOperator: this.aiToolchainOperator,
      vmSizes: this.vmSizes,
      verdicts: this.verdicts,
    });
  }
}
