import type {
  KubernetesObject,
  V1Deployment,
  V1HorizontalPodAutoscaler,
  V1Service,
} from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { loadBalancerStatus } from "../../../rehearsal/cluster/gateway/addresses.ts";
import { workloadOf } from "../../../rehearsal/cluster/gateway/workload.ts";
import { gateway, snapshot } from "./objects.ts";

const made = (door = gateway(), change = {}): Record<string, KubernetesObject> => {
  const objects = workloadOf(snapshot({ gateways: [door], ...change }), door);
  return Object.fromEntries(objects.map((object) => [object.kind ?? "", object]));
};

test("a Gateway's objects have Istio's names and labels, and go with it", () => {
  const objects = made(gateway({ infrastructure: { annotations: { a: "1" }, labels: { team: "x" } } }));
  expect(Object.keys(objects)).toEqual([
    ...["ServiceAccount", "Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget"],
  ]);
  for (const { metadata } of Object.values(objects)) {
    expect(metadata).toMatchObject({
      ...{ name: "front-door-approuting-istio", namespace: "ingress", annotations: { a: "1" } },
      labels: { "gateway.networking.k8s.io/gateway-name": "front-door", team: "x" },
      ownerReferences: [{ kind: "Gateway", name: "front-door", uid: "u" }],
    });
  }
  const { spec } = objects["Deployment"] as V1Deployment;
  expect(spec?.template.metadata?.labels).toMatchObject(spec?.selector.matchLabels ?? { none: "" });
  expect(spec?.template.spec?.securityContext?.seccompProfile).toBeUndefined();
});

test("its Service has a port for each that listeners have, and one for the load balancer's probe", () => {
  const ports = (made()["Service"] as V1Service).spec?.ports?.map(({ name, port }) => [name, port]);
  expect(ports).toEqual([
    ["status-port", 15021],
    ["http", 80],
    ["chat", 443],
  ]);
});

test("what its ConfigMap wants otherwise is otherwise, and the rest as it was", () => {
  const data = {
    service: "spec: { loadBalancerSourceRanges: [203.0.113.0/24] }",
    horizontalPodAutoscaler: "spec: { minReplicas: 3, maxReplicas: 10 }",
  };
  const configMaps = [{ metadata: { name: "options", namespace: "ingress" }, data }];
  const parametersRef = { group: "", kind: "ConfigMap", name: "options" };
  const objects = made(gateway({ infrastructure: { parametersRef } }), { configMaps });
  expect((objects["Service"] as V1Service).spec).toMatchObject({
    ...{ type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] },
  });
  expect((objects["HorizontalPodAutoscaler"] as V1HorizontalPodAutoscaler).spec).toMatchObject({
    ...{ minReplicas: 3, maxReplicas: 10, scaleTargetRef: { kind: "Deployment" } },
  });
});

test("Services get the lowest free address of their kind, once", () => {
  const service = (name: string, ip?: string, annotations = {}): V1Service => ({
    metadata: { name, annotations },
    spec: { type: "LoadBalancer" },
    ...(ip === undefined ? {} : { status: { loadBalancer: { ingress: [{ ip }] } } }),
  });
  const inner = { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" };
  const services = [service("a", "203.0.113.10"), service("b"), service("c", undefined, inner)];
  const addresses = services.map(
    (one) => loadBalancerStatus({ services }, one)?.loadBalancer.ingress?.[0]?.ip,
  );
  expect(addresses).toEqual([undefined, "203.0.113.11", "10.224.0.10"]);
  // One that becomes internal gets another address.
  const moved = service("a", "203.0.113.10", inner);
  expect(loadBalancerStatus({ services: [moved] }, moved)?.loadBalancer.ingress?.[0]?.ip).toBe("10.224.0.10");
  const given = service("d", undefined, { "service.beta.kubernetes.io/azure-pip-name": "pip" });
  expect(loadBalancerStatus({ services: [] }, given)).toBeUndefined();
  expect(loadBalancerStatus({ services: [] }, { spec: { type: "ClusterIP" } })).toBeUndefined();
});
