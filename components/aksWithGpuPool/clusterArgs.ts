import type { ManagedClusterArgs } from "@pulumi/azure-native/containerservice/managedCluster.js";
import type * as pulumi from "@pulumi/pulumi";
import { KUBERNETES_VERSION } from "../forms.ts";
import { ipv4RangeRule } from "../ipRange.ts";
import { ensure, InputPropertyError, matches, mustBe, wholeNumber } from "../validation.ts";
import { type AutoscalerArgs, autoScalerProfile } from "./autoscaler.ts";
import { type EntraArgs, entraProfile } from "./entra.ts";
import { type ClusterMonitoringProfile, monitoringProfile } from "./monitoring.ts";
import { type NodePool, poolProperties } from "./pools.ts";

/** What shapes the cluster and no other resource. */
export interface ClusterShape {
  /**
   * Kubernetes version, "1.34" (AKS picks the patch) or "1.34.2".
   * @default - AKS's default at creation
   */
  kubernetesVersion?: string;
  /** "Free" has no uptime agreement; "Standard" has; "Premium" adds long-term support. @default "Free" */
  tier?: "Free" | "Standard" | "Premium";
  /**
   * How far AKS upgrades Kubernetes by itself.
   * Source: `autoUpgradeProfile.upgradeChannel` of Microsoft.ContainerService/managedClusters.
   * @default "patch"
   */
  upgradeChannel?: "none" | "patch" | "stable" | "rapid" | "node-image";
  /** How AKS renews the nodes' OS. @default "NodeImage" */
  nodeOsUpgradeChannel?: "None" | "Unmanaged" | "SecurityPatch" | "NodeImage";
  /** Hours between two removals of unused, vulnerable images from nodes, 24 to 2160. @default 168 */
  imageCleanerIntervalHours?: number;
  /** Address ranges that may reach the API server, such as "203.0.113.0/24". @default - every address */
  authorizedIpRanges?: string[];
  /** The API server has a private address only. Can't be changed later. @default false */
  privateCluster?: boolean;
  /** Sign-in with Microsoft Entra ID. @default - local accounts only */
  entra?: EntraArgs;
  /**
   * AKS's add-on AI toolchain operator: AKS runs KAITO, in a version of its own choice (0.6.0 in September 2025), and
   * KAITO makes GPU pools for models. It needs no identity, role or federated credential since release 2025-06-17,
   * which moved what makes nodes to AKS's side. KaitoInstall must be told, or KAITO runs twice. AKS doesn't fully
   * support stopping and starting a cluster while KAITO has models on it.
   * Source: https://learn.microsoft.com/azure/aks/ai-toolchain-operator
   * @default - not sent, which is off in a new cluster; only false switches it off in one that has it
   */
  aiToolchainOperator?: boolean;
  /** Azure Monitor's agents. @default - not sent: as the cluster has them, none in a new one */
  monitoring?: ClusterMonitoringProfile;
  /** How nodes come and go. @default - AKS's own way, but for DaemonSets that would keep idle nodes */
  autoscaler?: AutoscalerArgs;
  /**
   * AKS's add-on KEDA: three Deployments in kube-system that scale workloads by metrics from elsewhere. A cluster has
   * room for one, because it serves the external metrics API. Its version goes with Kubernetes'.
   * Source: `workloadAutoScalerProfile.keda` and https://learn.microsoft.com/azure/aks/keda-about
   * @default - not sent, which is off in a new cluster; only false switches it off in one that has it
   */
  keda?: boolean;
  /** Address range of pods, an overlay that the virtual network doesn't see. @default "10.244.0.0/16" */
  podCidr?: string;
  /** Address range of Services. @default "10.0.0.0/16" */
  serviceCidr?: string;
  /** Address of the cluster's DNS, inside `serviceCidr`. @default - the tenth of `serviceCidr` */
  dnsServiceIp?: string;
}

/** What only the program knows, or only Azure. */
export interface ClusterContext {
  clusterName: string;
  resourceGroupName: pulumi.Input<string>;
  location: pulumi.Input<string>;
  identityId: pulumi.Input<string>;
  systemPool: NodePool;
  systemVmSize: pulumi.Input<string>;
  /** Of a network that isn't AKS's own. */
  nodesSubnetId?: pulumi.Input<string>;
  /** Whether a pool has a fallback, so that pools need an order. */
  prioritizedPools?: boolean;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The arguments of the cluster: a pure function, so that every option can be tested as a row of a table. */
export function clusterArgs(shape: ClusterShape, context: ClusterContext): ManagedClusterArgs {
  const ranges = shape.authorizedIpRanges ?? [];
  for (const [i, range] of ranges.entries()) ensure(`authorizedIpRanges[${i}]`, range, ipv4Range);
  if (ranges.length > 0 && shape.privateCluster) {
    throw new InputPropertyError(
      "authorizedIpRanges",
      "a private cluster has no public address to restrict; leave out one of authorizedIpRanges and privateCluster",
    );
  }
  ensure("clusterName", context.clusterName, clusterName);
  const serviceCidr = ensure("serviceCidr", shape.serviceCidr ?? "10.0.0.0/16", ipv4Range);
  if (shape.kubernetesVersion !== undefined)
    ensure("kubernetesVersion", shape.kubernetesVersion, matches(KUBERNETES_VERSION));
  return {
    resourceGroupName: context.resourceGroupName,
    location: context.location,
    resourceName: context.clusterName,
    dnsPrefix: context.clusterName,
    sku: { name: "Base", tier: shape.tier ?? "Free" },
    ...(shape.kubernetesVersion ? { kubernetesVersion: shape.kubernetesVersion } : {}),
    ...(shape.tier === "Premium" ? { supportPlan: "AKSLongTermSupport" } : {}),
    identity: { type: "UserAssigned", userAssignedIdentities: [context.identityId] },
    enableRBAC: true,
    ...entraProfile(shape.entra),
    agentPoolProfiles: [
      {
        name: context.systemPool.name,
        vmSize: context.systemVmSize,
        ...poolProperties(context.systemPool),
        ...inSubnet(context.nodesSubnetId),
      },
    ],
    autoScalerProfile: autoScalerProfile(shape.autoscaler, context.prioritizedPools),
    ...(shape.keda === undefined ? {} : { workloadAutoScalerProfile: { keda: { enabled: shape.keda } } }),
    oidcIssuerProfile: { enabled: true },
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: {
        enabled: true,
        intervalHours: ensure(
          "imageCleanerIntervalHours",
          shape.imageCleanerIntervalHours ?? 168,
          wholeNumber(24, 2160),
        ),
      },
    },
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      loadBalancerSku: "standard",
      podCidr: ensure("podCidr", shape.podCidr ?? "10.244.0.0/16", ipv4Range),
      serviceCidr,
      dnsServiceIP: shape.dnsServiceIp ?? serviceCidr.replace(/\.\d+\/\d+$/, ".10"),
    },
    autoUpgradeProfile: {
      upgradeChannel: shape.upgradeChannel ?? "patch",
      nodeOSUpgradeChannel: shape.nodeOsUpgradeChannel ?? "NodeImage",
    },
    ...(ranges.length > 0 || shape.privateCluster
      ? {
          apiServerAccessProfile: shape.privateCluster
            ? { enablePrivateCluster: true }
            : { authorizedIPRanges: ranges },
        }
      : {}),
    ...(shape.aiToolchainOperator === undefined
      ? {}
      : { aiToolchainOperatorProfile: { enabled: shape.aiToolchainOperator } }),
    ...monitoringProfile(shape.monitoring),
    tags: context.tags,
  };
}

/** Where a pool's nodes are, unless in AKS's own network. */
export function inSubnet(nodesSubnetId: pulumi.Input<string> | undefined) {
  return nodesSubnetId === undefined ? {} : { vnetSubnetID: nodesSubnetId };
}

/**
 * What AKS changes by itself, and the program must not change back: the inline pool (azure-native#4264: an
 * edit there puts every pool of the cluster into scaling; the autoscaler owns its count; after a refresh it
 * lists the other pools too), the ingress profile (AppRoutingGateway's, of which this version of the API knows only
 * a part, that a refresh takes for an argument), and the version when the channel moves it from one minor version to
 * the next.
 */
export function driftedProperties(shape: ClusterShape, updateSystemPool: boolean): string[] {
  const movesMinor = shape.upgradeChannel === "stable" || shape.upgradeChannel === "rapid";
  return [
    updateSystemPool ? "agentPoolProfiles[0].count" : "agentPoolProfiles",
    "ingressProfile",
    ...(movesMinor ? ["kubernetesVersion"] : []),
  ];
}

const clusterName = matches({
  pattern: /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,52}[a-zA-Z0-9])?$/,
  words:
    "1 to 54 letters, digits and '-', beginning and ending with a letter or digit (it is the DNS prefix as well)",
  example: "aks-dev",
});
const ipv4Range = mustBe(ipv4RangeRule);
