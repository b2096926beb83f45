import type { Case, Fixture } from "./case.ts";

const API = "rbac.authorization.k8s.io";
const role = (name: string, rule: object): Fixture => ({
  name,
  type: `kubernetes:${API}/v1:ClusterRole`,
  props: { metadata: { name }, rules: [{ apiGroups: [""], ...rule }] },
});
const binding = (name: string, roleName: string, subject: object): Fixture => ({
  name,
  type: `kubernetes:${API}/v1:ClusterRoleBinding`,
  props: {
    metadata: { name },
    roleRef: { apiGroup: API, kind: "ClusterRole", name: roleName },
    subjects: [subject],
  },
});
const account = { kind: "ServiceAccount", name: "app", namespace: "default" };
const everybody = { apiGroup: API, kind: "Group", name: "system:authenticated" };

export const cases: Case = {
  rule: "rbac-escalation",
  bad: [
    role("rbac-escalation-exec", { resources: ["pods/exec"], verbs: ["create"] }),
    role("rbac-escalation-bind", { apiGroups: [API], resources: ["clusterroles"], verbs: ["bind"] }),
    binding("rbac-escalation-admin", "cluster-admin", account),
    binding("rbac-escalation-everybody", "view", everybody),
  ],
  good: [
    role("rbac-escalation", { resources: ["pods"], verbs: ["get"] }),
    binding("rbac-escalation-view", "view", account),
  ],
};
