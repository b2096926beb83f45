import type { NetworkClient } from "../network/specs.ts";

/** Namespace of Azure Monitor's agents, and of the ConfigMaps that they read. */
export const AGENT_NAMESPACE = "kube-system";

/**
 * The pods of managed Prometheus that scrape what the custom configuration names: those of its Deployment. Those on
 * every node (`dsName: ama-metrics-node`) ask their own node alone, and kube-state-metrics is asked by the Deployment.
 * Whatever closes a port with metrics must let these in.
 *
 * Source: templates/ama-metrics-deployment.yaml of the addon chart in Azure/prometheus-collector, 39583fd50.
 */
export const METRICS_AGENT: Readonly<NetworkClient> = {
  namespace: AGENT_NAMESPACE,
  podLabels: { rsName: "ama-metrics" },
};
