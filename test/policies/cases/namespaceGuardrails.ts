import { object } from "../azureFixtures.ts";
import { goodDeployment } from "../fixtures.ts";
import type { Case, Fixture } from "./case.ts";

const NAMED = "namespace-guardrails";
const restricted = { labels: { "pod-security.kubernetes.io/enforce": "restricted" } };
const namespace = (name: string) => object("core/v1:Namespace", name, undefined, restricted);

/** What a namespace needs. */
const guardrails = (name: string, types: string[]): Fixture[] =>
  [
    object("core/v1:ResourceQuota", `${NAMED}-${name}-quota`, { hard: { pods: "100" } }, { namespace: name }),
    object(
      "core/v1:LimitRange",
      `${NAMED}-${name}-limits`,
      { limits: [{ type: "Container", default: { memory: "256Mi" } }] },
      { namespace: name },
    ),
    object(
      "networking.k8s.io/v1:NetworkPolicy",
      `${NAMED}-${name}-deny`,
      { podSelector: {}, policyTypes: types },
      { namespace: name },
    ),
  ].map((each) => ({ ...each, bystander: true }));

/** Most fixtures are in the namespace default. */
const DEFAULT = guardrails("default", ["Ingress", "Egress"]);
const inside = (name: string, namespace: string) => goodDeployment(name, {}, { namespace });

export const cases: Case = {
  rule: NAMED,
  bad: [
    ...DEFAULT,
    namespace(`${NAMED}-bare`),
    { ...inside("bare", `${NAMED}-bare`), bystander: true },
    namespace(`${NAMED}-way-out`),
    { ...inside("way-out", `${NAMED}-way-out`), bystander: true },
    ...guardrails(`${NAMED}-way-out`, ["Ingress"]),
  ],
  good: [
    ...DEFAULT,
    namespace(`${NAMED}-closed`),
    inside("closed", `${NAMED}-closed`),
    ...guardrails(`${NAMED}-closed`, ["Ingress", "Egress"]),
  ],
};
