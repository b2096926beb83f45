import { glob } from "../lib/glob.ts";
import { rule } from "../lib/rule.ts";

/** Configuration of `visible-workloads`. */
export interface VisibleWorkloadsConfig {
  /** Types of resources that make pods out of the rules' sight. */
  opaque: string[];
}

const anyVersion = (group: string, kind: string) => `kubernetes:${group}/v*:${kind}`;

/** Nothing runs that no rule could see. */
export const visibleWorkloads = rule<VisibleWorkloadsConfig>({
  name: "visible-workloads",
  displayName: "Pods are in sight",
  severity: "high",
  demands: "No resource makes pods that neither the preview nor any rule can see, as a Helm Release does.",
  why:
    "A Release is one resource to Pulumi, and so are what a GitOps controller fetches and a template of ARM's: what is in it was judged by " +
    "nobody, and may be another thing tomorrow.",
  fix: "Install the chart with kubernetes.helm.v4.Chart, whose objects are resources of the stack.",
  config: {
    opaque: {
      type: "array",
      items: { type: "string" },
      default: [
        "kubernetes:helm.sh/v3:Release",
        anyVersion("argoproj.io", "Application"),
        anyVersion("argoproj.io", "ApplicationSet"),
        anyVersion("helm.toolkit.fluxcd.io", "HelmRelease"),
        anyVersion("kustomize.toolkit.fluxcd.io", "Kustomization"),
        anyVersion("helm.cattle.io", "HelmChart"),
        "azure-native*:kubernetesconfiguration*:FluxConfiguration",
        "azure-native*:resources*:Deployment*",
      ],
      description: "Pulumi types of resources whose pods no rule can see; * stands for any characters.",
    },
  },
  applies: (type) => /^(kubernetes|azure-native)/.test(type),
  check({ type }, { opaque }, found) {
    if (opaque.some((each) => glob(each).test(type))) {
      found.violation(`What this ${type.split(":").at(-1)} runs can't be seen, so no rule has judged it.`);
    }
  },
});
