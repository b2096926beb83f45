import type * as pulumi from "@pulumi/pulumi";
import type { ClusterShape } from "./clusterArgs.ts";
import type { MaintenanceArgs } from "./maintenance.ts";
import type { GpuPoolArgs, NodePoolArgs } from "./pools.ts";

/** See also {@link ClusterShape}. What isn't an `Input` decides which resources exist, so it must be plain. */
export interface AksWithGpuPoolArgs extends ClusterShape {
  /** The resource group that holds the cluster. */
  resourceGroupName: pulumi.Input<string>;
  /** The Azure region, for example "eastus". */
  location: pulumi.Input<string>;
  /** The cluster's name, 1 to 54 letters, digits and '-'. @default - the component's name */
  clusterName?: string;
  /** The subscription, as a GUID. @default - the one that the Azure provider is configured for */
  subscriptionId?: pulumi.Input<string>;
  /**
   * ARM id of the subnet that all nodes are in; the control plane's identity gets Network Contributor on it. AKS fixes
   * the network when the cluster is made: a change later is not sent, also not with pools that are made later.
   * @default - a network of AKS's own, in its own resource group
   */
  nodesSubnetId?: pulumi.Input<string>;
  /**
   * Pulumi refuses to delete or to replace the cluster, with which the disks of its volumes go. Its pools stay free.
   * @default false
   */
  protect?: boolean;
  /**
   * The pool that AKS's own pods need, inline in the cluster. It never gets a burstable size, and keeps the size
   * that it was made with: only a new cluster can have another.
   * @default - 1 to 3 nodes of 2 vCPUs or more
   */
  systemPool?: NodePoolArgs;
  /** A pool for workloads without GPUs. @default - none: they run on the system pool */
  userPool?: NodePoolArgs;
  /** The pool for models. @default - none */
  gpuPool?: GpuPoolArgs;
  /**
   * Further pools for models that don't share one, by their names in AKS: 1 to 12 of a-z and 0-9, beginning with a
   * letter, and not system, user or gpu. A model selects its pool by the label mcpaas.dev/pool=<name>.
   * @default - none
   */
  moreGpuPools?: Record<string, GpuPoolArgs>;
  /**
   * Send changes of `systemPool` to the cluster, which otherwise gets it only when it is made. AKS then puts every
   * pool into scaling, so it is off except for the one `pulumi up` that means to. Counts, labels and taints can be
   * changed this way; VM size, zones and disk can't.
   * @default false
   */
  updateSystemPool?: boolean;
  /** When AKS may upgrade. @default - Sundays (node images: daily) from 02:00 UTC, for 4 hours */
  maintenance?: MaintenanceArgs;
  /** Regions to name in an error when no VM size fits here. @default - none */
  otherLocations?: pulumi.Input<string[]>;
  /**
   * Change it to choose the VM sizes of user and GPU pools anew; a pool whose size changes is replaced. The system
   * pool keeps its size.
   * @default - keep
   */
  reselect?: pulumi.Input<string>;
  /** Fail when Azure can't be asked for quota, instead of taking the first preferred size. @default false */
  strictSkuSelection?: boolean;
  /**
   * The Gateway API, and application routing's implementation of it: the GatewayClass "approuting-istio". Not
   * together with the Istio service mesh add-on. Taken out, the implementation goes and the Gateway API stays.
   * @default false
   */
  appRoutingGateway?: boolean;
  /** Tags of every Azure resource made here. @default - none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
