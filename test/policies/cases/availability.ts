import { goodDeployment } from "../fixtures.ts";
import type { Case, Fixture } from "./case.ts";

/** A Deployment that keeps pods while it is updated. */
function rolling(name: string, replicas: number, pod: object = {}): Fixture {
  const { props, ...rest } = goodDeployment(name, { ...pod });
  return {
    ...rest,
    props: { ...props, spec: { ...props.spec, replicas, strategy: { type: "RollingUpdate" } } },
  };
}
const budget = (name: string, of: string, spec: object): Fixture => ({
  name,
  type: "kubernetes:policy/v1:PodDisruptionBudget",
  props: {
    metadata: { name, namespace: "default" },
    spec: { selector: { matchLabels: { app: of } }, ...spec },
  },
});
const topologySpreadConstraints = [
  { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
];

export const cases: Case = {
  rule: "availability",
  bad: [
    rolling("availability-one", 1),
    rolling("availability-no-budget", 2, { topologySpreadConstraints }),
    rolling("availability-together", 2),
    {
      ...budget("availability-together-budget", "availability-together", { maxUnavailable: 1 }),
      bystander: true,
    },
    { ...rolling("availability-stuck", 2, { topologySpreadConstraints }), bystander: true },
    budget("availability-stuck-budget", "availability-stuck", { minAvailable: 2 }),
  ],
  good: [
    goodDeployment("availability-recreated", {}),
    rolling("availability", 2, { topologySpreadConstraints }),
    budget("availability-budget", "availability", { maxUnavailable: 1 }),
  ],
};
