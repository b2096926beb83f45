import type { Fixture } from "./cases/case.ts";

/** What is in both programs of fixtures, so that their pods are in a namespace as pods should be. */
export const surroundings: Fixture[] = [
  {
    name: "surroundings-quota",
    type: "kubernetes:core/v1:ResourceQuota",
    props: { metadata: { name: "quota", namespace: "default" }, spec: { hard: { pods: "100" } } },
  },
  {
    name: "surroundings-limits",
    type: "kubernetes:core/v1:LimitRange",
    props: {
      metadata: { name: "limits", namespace: "default" },
      spec: { limits: [{ type: "Container", default: { memory: "256Mi" } }] },
    },
  },
  {
    name: "surroundings-default-deny",
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    props: {
      metadata: { name: "default-deny", namespace: "default" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
  },
];
