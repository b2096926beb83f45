import { DCGM_PORT } from "../clusterMonitoring/scrapeJobs.ts";
import type { ContainerResources } from "../resources.ts";
import type { PodSecurityExemption } from "../restrictedNamespace.ts";

/**
 * NVIDIA's exporter, in the image without a shell.
 * Source: `image` of deployment/values.yaml of NVIDIA/dcgm-exporter, tag 4.5.3-4.8.2.
 */
export const DCGM_IMAGE = "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3-4.8.2-distroless";

/** The memory is the chart's, which DCGM needs for its library; a CPU limit would only make it late. */
export const DCGM_RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { memory: "512Mi" },
};

/** Why the exporter's pods don't meet the standard "restricted". */
export const GPU_METRICS_EXEMPTION = {
  standard: "privileged",
  reason:
    "NVIDIA's exporter runs as root, as its library asks, and mounts a folder of its node: the kubelet's socket there " +
    "tells which pod has which GPU",
} as const satisfies PodSecurityExemption;

/** Labels by which the exporter's pods are told. */
export const DCGM_LABELS = { "app.kubernetes.io/name": "dcgm-exporter" };

/** Where the kubelet tells which pod has which device. Source: `kubeletPath` of the same file. */
const POD_RESOURCES = "/var/lib/kubelet/pod-resources";

const COUNTERS = "/etc/mcpaas/counters.csv";

/** What the pod depends on. */
export interface GpuMetricsPodArgs {
  image: string;
  resources: ContainerResources;
  imagePullSecrets: string[];
  /** Whether series say whose GPU it is, for which a folder of the node is mounted. */
  perPod: boolean;
  /** Name of the ConfigMap with the counters, and a hash of them, with which pods change. */
  counters: { configMap: string; hash: string };
}

/**
 * The pods of the exporter, on every node with GPUs. They take no GPU: the container runtime of AKS's GPU nodes shows
 * the devices to whoever asks by NVIDIA_VISIBLE_DEVICES, as the image does.
 * Source: deployment/templates/daemonset.yaml of the same tag, without SYS_ADMIN and without a service account's token.
 */
export function gpuMetricsTemplate({
  image,
  resources,
  imagePullSecrets,
  perPod,
  counters,
}: GpuMetricsPodArgs) {
  return {
    metadata: { labels: DCGM_LABELS, annotations: { "mcpaas.dev/counters": counters.hash } },
    spec: {
      automountServiceAccountToken: false,
      priorityClassName: "system-node-critical",
      // AKS's own label, which nodes have whoever made their pool.
      nodeSelector: { "kubernetes.azure.com/accelerator": "nvidia" },
      tolerations: [
        { key: "sku", operator: "Equal", value: "gpu", effect: "NoSchedule" },
        { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
        {
          key: "kubernetes.azure.com/scalesetpriority",
          operator: "Equal",
          value: "spot",
          effect: "NoSchedule",
        },
      ],
      ...(imagePullSecrets.length > 0
        ? { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }
        : {}),
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "exporter",
          image,
          args: ["-f", COUNTERS],
          env: [
            { name: "DCGM_EXPORTER_KUBERNETES", value: String(perPod) },
            { name: "DCGM_EXPORTER_LISTEN", value: `:${DCGM_PORT}` },
            { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          ],
          ports: [{ name: "metrics", containerPort: DCGM_PORT, protocol: "TCP" }],
          livenessProbe: {
            httpGet: { path: "/health", port: DCGM_PORT },
            initialDelaySeconds: 45,
            periodSeconds: 15,
          },
          readinessProbe: { httpGet: { path: "/health", port: DCGM_PORT }, initialDelaySeconds: 15 },
          resources,
          securityContext: {
            runAsUser: 0,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [
            { name: "counters", mountPath: COUNTERS, subPath: "counters.csv", readOnly: true },
            ...(perPod ? [{ name: "pod-resources", mountPath: POD_RESOURCES, readOnly: true }] : []),
          ],
        },
      ],
      volumes: [
        { name: "counters", configMap: { name: counters.configMap } },
        ...(perPod ? [{ name: "pod-resources", hostPath: { path: POD_RESOURCES, type: "Directory" } }] : []),
      ],
    },
  };
}
