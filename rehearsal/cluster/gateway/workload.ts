import type { KubernetesObject, V1ServicePort } from "@kubernetes/client-node";
import { parse } from "yaml";
import { isObject } from "../../azure/values.ts";
import { find, type Snapshot, workloadName } from "./cluster.ts";
import { type Gateway, gatewayGroup } from "./types.ts";

/**
 * What Istio makes for a Gateway: pods that take its requests, a Service with a public address, and what keeps
 * them available. The pods have no seccomp profile, so that a namespace with pod security `restricted` refuses
 * them. Sources: kube-gateway.yaml of istio/istio; "HorizontalPodAutoscaler" and "PodDisruptionBudget" of
 * https://learn.microsoft.com/azure/aks/app-routing-gateway-api for what AKS adds.
 */
export function workloadOf(snapshot: Snapshot, gateway: Gateway): KubernetesObject[] {
  const { infrastructure = {} } = gateway.spec;
  const { annotations = {} } = infrastructure;
  const labels = {
    ...infrastructure.labels,
    [`${gatewayGroup}/gateway-name`]: gateway.metadata.name ?? "",
    [`${gatewayGroup}/gateway-class-name`]: gateway.spec.gatewayClassName,
  };
  const name = workloadName(gateway);
  const selector = { [`${gatewayGroup}/gateway-name`]: gateway.metadata.name ?? "" };
  const object = (apiVersion: string, kind: string, more: object) => ({
    ...{ apiVersion, kind, ...more },
    metadata: {
      ...{ name, namespace: gateway.metadata.namespace ?? "", labels, annotations },
      ownerReferences: [
        {
          ...{ apiVersion: `${gatewayGroup}/v1`, kind: "Gateway" },
          ...{ name: gateway.metadata.name ?? "", uid: gateway.metadata.uid ?? "" },
        },
      ],
    },
  });
  const made = {
    serviceAccount: object("v1", "ServiceAccount", {}),
    deployment: object("apps/v1", "Deployment", {
      spec: {
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: { ...podLabels, ...labels, "service.istio.io/canonical-name": name } },
          spec: { ...podSecurity, serviceAccountName: name, containers: [container] },
        },
      },
    }),
    service: object("v1", "Service", {
      spec: { type: "LoadBalancer", selector, ports: servicePorts(gateway) },
    }),
    horizontalPodAutoscaler: object("autoscaling/v2", "HorizontalPodAutoscaler", {
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        ...{ minReplicas: 2, maxReplicas: 5 },
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
          },
        ],
      },
    }),
    podDisruptionBudget: object("policy/v1", "PodDisruptionBudget", {
      spec: { minAvailable: 1, selector: { matchLabels: selector } },
    }),
  };
  return Object.entries(made).map(([key, one]) => merged(one, wishesFor(snapshot, gateway)[key]));
}

/** By the keys of a ConfigMap that a Gateway names, what is to be otherwise. */
function wishesFor({ configMaps }: Snapshot, { metadata, spec }: Gateway): Record<string, unknown> {
  const name = spec.infrastructure?.parametersRef?.name;
  const data = name === undefined ? {} : (find(configMaps, metadata.namespace, name)?.data ?? {});
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, parse(text) as unknown]));
}

function merged<T>(value: T, wishes: unknown): T {
  if (!isObject(value) || !isObject(wishes)) {
    return wishes === undefined ? value : (wishes as T);
  }
  const all = Object.entries(wishes).map(([key, wish]) => [key, merged(value[key], wish)] as const);
  return { ...value, ...Object.fromEntries(all) };
}

const podLabels = {
  "sidecar.istio.io/inject": "false",
  "service.istio.io/canonical-revision": "latest",
  "gateway.istio.io/managed": "istio.io-gateway-controller",
  "azureservicemesh/istio.component": "gateway-api-ingress",
};

const podSecurity = {
  securityContext: { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }] },
};

const container = {
  name: "istio-proxy",
  image: "mcr.microsoft.com/oss/v2/istio/proxyv2",
  args: ["proxy", "router"],
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "2", memory: "1Gi" } },
  securityContext: {
    ...{ allowPrivilegeEscalation: false, privileged: false, readOnlyRootFilesystem: true },
    ...{ runAsNonRoot: true, runAsUser: 1337, runAsGroup: 1337, capabilities: { drop: ["ALL"] } },
  },
  ports: [
    { containerPort: 15020, name: "metrics" },
    { containerPort: 15021, name: "status-port" },
    { containerPort: 15090, name: "http-envoy-prom" },
  ],
};

function servicePorts({ spec }: Gateway): V1ServicePort[] {
  const byPort = new Map(spec.listeners.map((listener) => [listener.port, listener]));
  const listeners = [...byPort].map(([port, { name, protocol }]) => ({
    ...{ name, port, protocol: "TCP", appProtocol: protocol.toLowerCase() },
  }));
  return [{ name: "status-port", port: 15021, protocol: "TCP", appProtocol: "tcp" }, ...listeners];
}
