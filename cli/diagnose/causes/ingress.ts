import { type Cause, ref } from "../finding.ts";
import { selects } from "../matching.ts";
import { mcpPlace } from "../mcpPlace.ts";
import { settingOf } from "../settings.ts";
import type { Role } from "../subject.ts";

const PORTS: Partial<Record<Role, number>> = { inference: 5000, rag: 5000 };

/** It runs, and nobody is let in. */
export const noClientLetIn: Cause = {
  id: "no-client-let-in",
  roles: ["mcp", "inference", "rag"],
  warns: true,
  judge(cluster, subject) {
    const [pod] = subject.pods;
    const policies = cluster.list("networkpolicies", subject.namespace)?.filter(
      ({ spec }) =>
        // A policy without types is about incoming traffic.
        (spec?.policyTypes ?? ["Ingress"]).includes("Ingress") &&
        selects(spec?.podSelector, pod?.metadata.labels),
    );
    if (pod === undefined || policies === undefined || policies.length === 0) return undefined;
    const port = subject.role === "mcp" ? mcpPlace(cluster, subject).port : PORTS[subject.role];
    const opens = policies.some(({ spec }) =>
      (spec?.ingress ?? []).some(
        ({ ports = [] }) =>
          ports.length === 0 ||
          ports.some(
            (each) =>
              each.port === undefined ||
              typeof each.port === "string" ||
              each.port === port ||
              (each.endPort !== undefined && port !== undefined && each.port <= port && port <= each.endPort),
          ),
      ),
    );
    if (opens) return undefined;
    return {
      summary: `No client can reach it: the NetworkPolicies of ${subject.namespace} let nobody in to port ${port}.`,
      likelihood: 0.3,
      evidence: policies.map((policy) => ({
        object: ref("networkpolicy", policy),
        field: "spec.ingress",
        value: (policy.spec?.ingress ?? []).length === 0 ? "nobody" : "other ports",
      })),
      next: [
        {
          text: `Name its clients: the setting ${settingOf(subject)}.clients`,
          command: `kubectl -n ${subject.namespace} describe networkpolicies`,
        },
      ],
    };
  },
};
