import { isObject } from "../azure/values.ts";
import { clusterType } from "./agentPools.ts";
import type { Properties, Resource, Store } from "./store.ts";
import { ruleGroupType } from "./types/alertRules.ts";
import { pick } from "./types/clusterDefaults.ts";
import { associationType } from "./types/dataCollection.ts";

/** A group of Prometheus' rules that applies to the cluster, as it was asked for. */
export interface RuleGroup {
  name: string;
  enabled: boolean;
  /** ISO 8601. */
  interval: string;
  /** Only series with this `cluster` label, where there is one. */
  clusterName: string | undefined;
  rules: readonly Properties[];
}

/** What a cluster has that AKS and Azure Monitor bring along. */
export interface ClusterAddOns {
  /** The cluster's name, which Azure's agents put on what they scrape as the label `cluster`. */
  cluster: string;
  keda: boolean;
  verticalPodAutoscaler: boolean;
  /** The agents of Container Insights. */
  containerInsights: boolean;
  prometheus: {
    /** Azure's metrics agent and kube-state-metrics run. */
    enabled: boolean;
    /** Labels and annotations that kube-state-metrics shows beyond its own, as the cluster's settings have them. */
    metricLabelsAllowlist: string;
    metricAnnotationsAllowList: string;
    /** Where what it scrapes goes to: without one the agent has nowhere to send. */
    workspaces: readonly { id: string; queryEndpoint: string }[];
  };
  ruleGroups: readonly RuleGroup[];
}

/** Those of the first cluster there is, as there is one control plane; undefined without a cluster. */
export function clusterAddOnsOf(store: Store): ClusterAddOns | undefined {
  const cluster = store.ofType(clusterType).find(({ state }) => state !== "Deleting");
  if (!cluster) {
    return undefined;
  }
  const { properties } = cluster.body;
  const metrics = pick(properties, "azureMonitorProfile", "metrics");
  const workspaces = metricWorkspaces(store, cluster);
  return {
    cluster: cluster.name,
    keda: pick(properties, "workloadAutoScalerProfile", "keda", "enabled") === true,
    verticalPodAutoscaler:
      pick(properties, "workloadAutoScalerProfile", "verticalPodAutoscaler", "enabled") === true,
    containerInsights: pick(properties, "addonProfiles", "omsagent", "enabled") === true,
    prometheus: {
      enabled: pick(metrics, "enabled") === true,
      metricLabelsAllowlist: String(pick(metrics, "kubeStateMetrics", "metricLabelsAllowlist") ?? ""),
      metricAnnotationsAllowList: String(
        pick(metrics, "kubeStateMetrics", "metricAnnotationsAllowList") ?? "",
      ),
      workspaces: workspaces.map(({ id, body }) => ({
        id,
        queryEndpoint: String(pick(body.properties, "metrics", "prometheusQueryEndpoint")),
      })),
    },
    ruleGroups: store
      .ofType(ruleGroupType)
      .filter(({ body }) => appliesTo(store, body.properties, workspaces, cluster))
      .map(({ name, body: { properties: group } }) => ({
        name,
        enabled: group["enabled"] === true,
        interval: String(group["interval"]),
        clusterName: group["clusterName"] === undefined ? undefined : String(group["clusterName"]),
        rules: Array.isArray(group["rules"]) ? group["rules"].filter(isObject) : [],
      })),
  };
}

/** The workspaces to which a rule that the cluster is bound to sends Prometheus' metrics. */
function metricWorkspaces(store: Store, cluster: Resource): Resource[] {
  return store
    .ofType(associationType, cluster.id)
    .map(({ body }) => store.get(String(body.properties["dataCollectionRuleId"]))?.body.properties)
    .filter((rule) => pick(rule, "dataSources", "prometheusForwarder") !== undefined)
    .flatMap((rule) => {
      const destinations = pick(rule, "destinations", "monitoringAccounts");
      return Array.isArray(destinations) ? destinations.filter(isObject) : [];
    })
    .map((destination) => store.get(String(destination["accountResourceId"])))
    .filter((workspace) => workspace !== undefined);
}

function appliesTo(
  store: Store,
  group: Properties,
  workspaces: readonly Resource[],
  cluster: Resource,
): boolean {
  const scopes = Array.isArray(group["scopes"]) ? group["scopes"].map((id) => store.get(String(id))) : [];
  const clusters = scopes.filter((scope) => scope?.type === clusterType);
  return (
    scopes.some((scope) => scope && workspaces.includes(scope)) &&
    (clusters.length === 0 || clusters.includes(cluster))
  );
}
