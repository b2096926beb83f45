import * as pulumi from "@pulumi/pulumi";
import { CHART_VERSION } from "../forms.ts";
import { KAITO_CHART_REPOSITORY, KAITO_PRESET_REGISTRY, KAITO_VERSION } from "../kaito/versions.ts";
import type { KaitoInstallArgs } from "../kaitoInstall.ts";
import { ensureResources } from "../resources.ts";
import { ensure, matches } from "../validation.ts";
import { nodeAgentsExemption } from "./exemption.ts";
import { installChart } from "./install.ts";
import { nodeFeaturePolicySpec, webhookPolicySpec } from "./network.ts";
import { DEFAULT_CONTROLLER_RESOURCES, ragEngineValues, workspaceValues } from "./values.ts";

/** The number of node agents grows with the nodes: three on each of the 5,000 that AKS allows, and two pods besides. */
const NODE_AGENTS_QUOTA = { pods: "15002" };

/** Installs KAITO for nodes that are there: the first chart always, the second for RAG engines. */
export function installByo(parent: pulumi.Resource, name: string, args: KaitoInstallArgs) {
  const { devicePlugin = "kaito", gpuFeatureDiscovery = "kaito", ragEngine = false } = args;
  const { nodeFeatureDiscovery = gpuFeatureDiscovery, apiServerRanges = [], imagePullSecrets = [] } = args;
  const version = ensure("version", args.version ?? KAITO_VERSION, matches(CHART_VERSION));
  const controller = {
    version,
    images: args.images ?? {},
    imagePullSecrets,
    presetRegistry: args.presetRegistry ?? KAITO_PRESET_REGISTRY,
    resources: ensureResources("resources", args.resources ?? DEFAULT_CONTROLLER_RESOURCES),
    nodeSelector: args.nodeSelector ?? {},
  };
  const chart = {
    repository: args.chartRepository ?? KAITO_CHART_REPOSITORY,
    version,
    parts: { protectCrds: args.protectCrds ?? false, imagePullSecrets },
  };
  const workspace = installChart(parent, `${name}-workspace`, {
    ...chart,
    chart: "workspace",
    namespace: args.namespace ?? "kaito-workspace",
    rules: [devicePlugin, gpuFeatureDiscovery, nodeFeatureDiscovery].includes("kaito")
      ? { podSecurityExemption: nodeAgentsExemption(args.podSecurityExemption), quota: NODE_AGENTS_QUOTA }
      : {},
    policies: {
      webhook: webhookPolicySpec("workspace", apiServerRanges),
      ...(nodeFeatureDiscovery === "kaito" ? { "node-features": nodeFeaturePolicySpec() } : {}),
    },
    values: workspaceValues({
      ...controller,
      devicePlugin,
      gpuFeatureDiscovery,
      nodeFeatureDiscovery,
      spotNodes: args.spotNodes ?? false,
    }),
    skipCrds: !(args.foreignCrds ?? ragEngine),
  });
  const ragEngines = ragEngine
    ? installChart(parent, `${name}-ragengine`, {
        ...chart,
        chart: "ragengine",
        namespace: args.ragEngineNamespace ?? "kaito-ragengine",
        rules: {},
        policies: { webhook: webhookPolicySpec("ragengine", apiServerRanges) },
        values: ragEngineValues(controller),
        skipCrds: true,
        // The first chart carries the CRD that this controller lists.
        dependsOn: [workspace.chart],
      })
    : undefined;
  return {
    namespace: workspace.namespace,
    ragEngineNamespace: ragEngines?.namespace,
    version: pulumi.output(version),
  };
}
