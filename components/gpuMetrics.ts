import { DaemonSet } from "@pulumi/kubernetes/apps/v1/daemonSet.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import * as pulumi from "@pulumi/pulumi";
import { DCGM_PORT } from "./clusterMonitoring/scrapeJobs.ts";
import { PINNED_IMAGE } from "./forms.ts";
import { gpuCounters } from "./gpuMetrics/counters.ts";
import {
  DCGM_IMAGE,
  DCGM_LABELS,
  DCGM_RESOURCES,
  GPU_METRICS_EXEMPTION,
  gpuMetricsTemplate,
} from "./gpuMetrics/pod.ts";
import { shortHash } from "./names.ts";
import { closePods } from "./network/policies.ts";
import type { NetworkClient } from "./network/specs.ts";
import { type ContainerResources, ensureResources } from "./resources.ts";
import { type PodSecurityExemption, RestrictedNamespace } from "./restrictedNamespace.ts";
import { ensure, InputPropertyError, matches } from "./validation.ts";

export { GPU_METRICS_EXEMPTION } from "./gpuMetrics/pod.ts";

/** Arguments of GpuMetrics. */
export interface GpuMetricsArgs {
  /** The namespace that is made for it. @default "gpu-metrics" */
  namespace?: string;
  /**
   * Why its pods needn't meet the standard "restricted". With "privileged" series say which pod has the GPU; with
   * "baseline" no folder of the node is mounted, and they don't.
   * @default - "privileged", with this project's reason
   */
  podSecurityExemption?: PodSecurityExemption | "none";
  /** NVIDIA's dcgm-exporter, pinned. @default "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3-4.8.2-distroless" */
  image?: string;
  /** Names of Secrets in the namespace with which the image is pulled. @default - none */
  imagePullSecrets?: string[];
  /** @default { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } } */
  resources?: ContainerResources;
  /** Who may read the metrics on port 9400. @default [] (nobody) */
  metricsClients?: NetworkClient[];
}

/**
 * NVIDIA's exporter of GPU metrics on every node with GPUs, in a namespace of its own that only those who read metrics
 * reach, and from which nothing goes out.
 *
 * For GPU pools with AKS's driver, where nothing exports metrics. Not beside NVIDIA's GPU operator or AKS's managed
 * GPU nodes (`gpuProfile.nvidia.managementMode` "Managed", a preview), which bring an exporter. Pass the cluster's
 * provider in `opts`. Costs a pod on each GPU node.
 */
export class GpuMetrics extends pulumi.ComponentResource {
  /** The exporter's namespace. */
  declare readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: GpuMetricsArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:GpuMetrics", name, {}, opts);
    const { podSecurityExemption = GPU_METRICS_EXEMPTION, metricsClients = [], imagePullSecrets = [] } = args;
    if (podSecurityExemption === "none") {
      throw new InputPropertyError(
        "podSecurityExemption",
        'must be "privileged" or "baseline" with a reason, because the exporter runs as root; or make no GpuMetrics',
      );
    }
    const image = ensure("image", args.image ?? DCGM_IMAGE, matches(PINNED_IMAGE));
    const resources = ensureResources("resources", args.resources ?? DCGM_RESOURCES);
    const namespace = new RestrictedNamespace(
      `${name}-namespace`,
      // A pod on each of the 5,000 nodes that AKS allows.
      { namespace: args.namespace ?? "gpu-metrics", podSecurityExemption, quota: { pods: "5000" } },
      { parent: this },
    );
    const inside = { parent: this, dependsOn: [namespace] };
    const policy = closePods(this, name, {
      policyName: "dcgm-exporter",
      namespace: namespace.namespace,
      podLabels: DCGM_LABELS,
      port: DCGM_PORT,
      clients: metricsClients,
      egress: [],
    });
    const counters = gpuCounters();
    const configMap = new ConfigMap(
      `${name}-counters`,
      {
        metadata: { name: "dcgm-counters", namespace: namespace.namespace },
        data: { "counters.csv": counters },
      },
      inside,
    );
    new DaemonSet(
      name,
      {
        metadata: {
          name: "dcgm-exporter",
          namespace: namespace.namespace,
          labels: DCGM_LABELS,
          // Nodes with GPUs may be none, or come hours later: nobody waits for its pods.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          selector: { matchLabels: DCGM_LABELS },
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
          template: gpuMetricsTemplate({
            image,
            resources,
            imagePullSecrets,
            perPod: podSecurityExemption.standard === "privileged",
            counters: { configMap: "dcgm-counters", hash: shortHash(10, counters) },
          }),
        },
      },
      { parent: this, dependsOn: [namespace, policy, configMap] },
    );
    this.namespace = namespace.namespace;
    this.registerOutputs({ namespace: this.namespace });
  }
}
