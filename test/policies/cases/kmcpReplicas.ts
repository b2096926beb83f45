import { closed, goodContainer } from "../fixtures.ts";
import type { Case, Fixture } from "./case.ts";

const server = (name: string): Fixture[] => [
  {
    name,
    type: "kubernetes:kagent.dev/v1alpha1:MCPServer",
    props: {
      apiVersion: "kagent.dev/v1alpha1",
      kind: "MCPServer",
      metadata: { name, namespace: "default" },
      spec: {
        transportType: "http",
        deployment: {
          image: "own.azurecr.io/mcp/echo:1.2.3",
          port: 3000,
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "256Mi" } },
          securityContext: closed,
          serviceAccountName: name,
          sidecars: [goodContainer({ name: "guard" })],
        },
      },
    },
    bystander: true,
  },
  {
    name: `${name}-account`,
    type: "kubernetes:core/v1:ServiceAccount",
    props: { metadata: { name, namespace: "default" }, automountServiceAccountToken: false },
    bystander: true,
  },
];
const scaler = (name: string, target: string): Fixture => ({
  name,
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  props: {
    metadata: { name, namespace: "default" },
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: target } },
  },
});

export const cases: Case = {
  rule: "kmcp-replicas",
  bad: [...server("kmcp-replicas-echo"), scaler("kmcp-replicas-scaled", "kmcp-replicas-echo")],
  good: [...server("kmcp-replicas-echo"), scaler("kmcp-replicas", "other")],
};
