import type { Case, Fixture } from "./case.ts";

const role = (name: string, rule: object): Fixture => ({
  name,
  type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  props: { metadata: { name }, rules: [{ apiGroups: [""], ...rule }] },
});

export const cases: Case = {
  rule: "rbac-wildcards",
  bad: [
    role("rbac-wildcards-verbs", { resources: ["configmaps"], verbs: ["*"] }),
    role("rbac-wildcards-resources", { resources: ["*"], verbs: ["get"] }),
  ],
  good: [role("rbac-wildcards", { resources: ["configmaps"], verbs: ["get", "list"] })],
};
