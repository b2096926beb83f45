import type { Case, Fixture } from "./case.ts";

const service = (name: string, spec: object, annotations: object = {}): Fixture => ({
  name,
  type: "kubernetes:core/v1:Service",
  props: {
    metadata: { name, namespace: "default", annotations },
    spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
  },
});
const internal = { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" };

export const cases: Case = {
  rule: "service-exposure",
  bad: [
    service("service-exposure-node-port", { type: "NodePort" }),
    service("service-exposure-public", { type: "LoadBalancer" }),
    service("service-exposure-ips", { externalIPs: ["192.0.2.1"] }),
  ],
  good: [
    service("service-exposure", {}),
    service("service-exposure-internal", { type: "LoadBalancer" }, internal),
  ],
};
