import type { DecisionLog } from "../../dynamic/engineLog.ts";
import { explain, isBusy } from "./errors.ts";

/** The part of a cluster that is switched. Source: ManagedClusterIngressProfile, 2026-06-01. */
export interface IngressProfile {
  gatewayAPI?: { installation?: string };
  webAppRouting?: { gatewayAPIImplementations?: { appRoutingIstio?: { mode?: string } } };
}

/** A cluster as AKS told of it, to be sent back with another ingress profile. */
export interface ClusterSight {
  ingressProfile?: IngressProfile;
  /** Sends the same cluster back with this profile, and waits until AKS is done. Fails if it changed meanwhile. */
  put(ingressProfile: IngressProfile, signal: AbortSignal): Promise<void>;
}

/** Asks AKS. */
export interface Clusters {
  /** Nothing when the cluster, or its group, is gone. */
  find(clusterId: string): Promise<ClusterSight | undefined>;
}

/** What a switch needs from outside; exchanged in tests. */
export interface Surroundings {
  clusters: Clusters;
  log: DecisionLog;
  /** Milliseconds that only grow. */
  now(): number;
  /** Resolves after that time, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const PAUSE_MS = 15_000;

/** How long AKS may be busy with something else: an upgrade of a pool takes this and more. */
const PATIENCE_MS = 30 * 60_000;

/** Whether both the Gateway API and its implementation are on. */
export function isOn(profile: IngressProfile | undefined): boolean {
  return (
    profile?.gatewayAPI?.installation === "Standard" &&
    profile.webAppRouting?.gatewayAPIImplementations?.appRoutingIstio?.mode === "Enabled"
  );
}

/** The profile with both on or off, and everything else as it is. */
export function switched(profile: IngressProfile | undefined, on: boolean): IngressProfile {
  return {
    ...profile,
    gatewayAPI: { ...profile?.gatewayAPI, installation: on ? "Standard" : "Disabled" },
    webAppRouting: {
      ...profile?.webAppRouting,
      gatewayAPIImplementations: {
        ...profile?.webAppRouting?.gatewayAPIImplementations,
        appRoutingIstio: { mode: on ? "Enabled" : "Disabled" },
      },
    },
  };
}

/** Whether both are off, as in a cluster that never had them. */
function isOff(profile: IngressProfile | undefined): boolean {
  const { installation = "Disabled" } = profile?.gatewayAPI ?? {};
  const { mode = "Disabled" } = profile?.webAppRouting?.gatewayAPIImplementations?.appRoutingIstio ?? {};
  return installation === "Disabled" && mode === "Disabled";
}

/**
 * Brings a cluster's application routing into the wanted state, unless it is there.
 *
 * @returns whether there is such a cluster
 */
export async function switchGateway(
  clusterId: string,
  on: boolean,
  { clusters, log, now, sleep }: Surroundings,
  cancelled: AbortSignal,
): Promise<boolean> {
  const began = now();
  for (let told = false; ; told = true) {
    const cluster = await clusters.find(clusterId);
    if (cluster === undefined) return false;
    if (on ? isOn(cluster.ingressProfile) : isOff(cluster.ingressProfile)) return true;
    try {
      await cluster.put(switched(cluster.ingressProfile, on), cancelled);
      return true;
    } catch (error) {
      const late = now() - began >= PATIENCE_MS;
      if (cancelled.aborted || late || !isBusy(error)) throw explain(error, clusterId, on);
    }
    if (!told) await log.info("AKS is busy with the cluster; its Gateway API comes after that");
    await sleep(PAUSE_MS, cancelled);
  }
}
