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

/**
 * The profile with both on, or with the implementation off, and everything else as it is. The Gateway API stays: with
 * it every Gateway and route of the cluster would go, also those of another class.
 */
export function switched(profile: IngressProfile | undefined, on: boolean): IngressProfile {
  return {
    ...profile,
    ...(on && { gatewayAPI: { ...profile?.gatewayAPI, installation: "Standard" } }),
    webAppRouting: {
      ...profile?.webAppRouting,
      gatewayAPIImplementations: {
        ...profile?.webAppRouting?.gatewayAPIImplementations,
        appRoutingIstio: { mode: on ? "Enabled" : "Disabled" },
      },
    },
  };
}

/** Whether the implementation is off, as in a cluster that never had it. */
function isOff(profile: IngressProfile | undefined): boolean {
  const { mode = "Disabled" } = profile?.webAppRouting?.gatewayAPIImplementations?.appRoutingIstio ?? {};
  return mode === "Disabled";
}

/** What became of a cluster: it is gone, or was as it should be, or was switched. */
export type Outcome = "gone" | "was so" | "switched";

/** Brings a cluster's application routing into the wanted state, unless it is there. */
export async function switchGateway(
  clusterId: string,
  on: boolean,
  { clusters, log, now, sleep }: Surroundings,
  cancelled: AbortSignal,
): Promise<Outcome> {
  const began = now();
  for (let told = false; ; told = true) {
    const cluster = await clusters.find(clusterId);
    if (cluster === undefined) return "gone";
    if (on ? isOn(cluster.ingressProfile) : isOff(cluster.ingressProfile)) return "was so";
    try {
      await cluster.put(switched(cluster.ingressProfile, on), cancelled);
      return "switched";
    } catch (error) {
      const late = now() - began >= PATIENCE_MS;
      if (cancelled.aborted || late || !isBusy(error)) throw explain(error, clusterId, on);
    }
    if (!told) await log.info("AKS is busy with the cluster; its Gateway API comes after that");
    await sleep(PAUSE_MS, cancelled);
  }
}
