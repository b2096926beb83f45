import { Chart } from "@pulumi/kubernetes/helm/v4/chart.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { RestrictedNamespace, type RestrictedNamespaceArgs } from "../restrictedNamespace.ts";
import { type ChartPartsArgs, chartParts } from "./chartParts.ts";
import type { nodeFeaturePolicySpec, webhookPolicySpec } from "./network.ts";

/** A chart, and the namespace that is made for it. */
export interface ChartInstall {
  /** Name of the chart and of its release. */
  chart: "workspace" | "ragengine";
  namespace: string;
  /** How the namespace differs from the strictest. */
  rules: Pick<RestrictedNamespaceArgs, "podSecurityExemption" | "quota">;
  /** Traffic to let in, as specs of NetworkPolicies by their names. */
  policies: Record<string, ReturnType<typeof webhookPolicySpec | typeof nodeFeaturePolicySpec>>;
  repository: string;
  version: string;
  values: object;
  skipCrds: boolean;
  parts: ChartPartsArgs;
  dependsOn?: pulumi.Resource[];
}

/** Makes the namespace, opens what the chart's pods need open, and then puts the chart into it. */
export function installChart(parent: pulumi.Resource, name: string, install: ChartInstall) {
  const namespace = new RestrictedNamespace(
    `${name}-namespace`,
    // The controllers talk to the Kubernetes API, and ask Hugging Face about models that are no presets.
    { namespace: install.namespace, denyEgress: false, ...install.rules },
    { parent },
  );
  const policies = Object.entries(install.policies).map(
    ([policy, spec]) =>
      new NetworkPolicy(
        `${name}-${policy}`,
        { metadata: { name: policy, namespace: namespace.namespace }, spec },
        { parent, dependsOn: [namespace] },
      ),
  );
  const chart = new Chart(
    name,
    {
      ...chartIn(install.repository, install.chart),
      name: install.chart,
      namespace: namespace.namespace,
      version: install.version,
      skipCrds: install.skipCrds,
      values: install.values,
    },
    {
      parent,
      dependsOn: [namespace, ...policies, ...(install.dependsOn ?? [])],
      transforms: [chartParts(install.parts)],
    },
  );
  return { namespace: namespace.namespace, chart };
}

/** Where a chart is, as Chart takes it: a repository by HTTP names its charts, elsewhere the path does. */
export function chartIn(repository: string, chart: string) {
  const place = repository.replace(/\/+$/, "");
  return /^https?:\/\//.test(place)
    ? { chart, repositoryOpts: { repo: place } }
    : { chart: `${place}/${chart}` };
}
