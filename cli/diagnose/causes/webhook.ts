import type { Cluster } from "../cluster.ts";
import type { ControllerId } from "../controllers.ts";
import { type Cause, describe, ref } from "../finding.ts";
import type { WebhookConfiguration } from "../resources.ts";
import type { Role } from "../subject.ts";

// Source: charts/kaito/{workspace,ragengine}/templates/webhooks.yaml of KAITO 0.11.0. KMCP 0.3.0 has none.
const CONFIGURATIONS: Partial<Record<ControllerId, readonly string[]>> = {
  kaito: ["validation.workspace.kaito.sh", "validation.inferenceset.kaito.sh"],
  "kaito-rag": ["validation.ragengine.kaito.sh"],
};

const ROLES: readonly Role[] = ["inference", "tuning", "set", "rag", "controller"];

/**
 * The webhook must approve of every creation and change, also of KAITO's own, and nobody answers. Such objects
 * can't even lose their finalizers.
 */
export const webhookUnavailable: Cause = {
  id: "webhook-unavailable",
  ofDeletion: true,
  roles: ROLES,
  explains: ["replica-refused", "reconcile-error"],
  judge(cluster, { controller }) {
    for (const name of (controller && CONFIGURATIONS[controller]) ?? []) {
      const configuration = cluster.find("validatingwebhookconfigurations", undefined, name);
      const dead = configuration && deadService(cluster, configuration);
      if (dead) {
        const service = { metadata: dead.service };
        return {
          summary: `KAITO's webhook doesn't answer, and nothing can be created or changed without it: its Service ${dead.why}.`,
          likelihood: 0.8,
          evidence: [
            { object: `validatingwebhookconfiguration ${name}`, field: "failurePolicy", value: "Fail" },
            { object: ref("service", service), field: "endpoints", value: dead.why },
          ],
          next: [
            { text: "See why", command: `npm run diagnose -- component/${controller}` },
            { text: "", command: describe("service", service) },
          ],
        };
      }
    }
    return undefined;
  },
};

function deadService(cluster: Cluster, { webhooks = [] }: WebhookConfiguration) {
  for (const { failurePolicy, clientConfig } of webhooks) {
    const service = clientConfig?.service;
    if (failurePolicy !== "Fail" || service === undefined) continue;
    if (cluster.find("services", service.namespace, service.name) === null) {
      return { service, why: "doesn't exist" };
    }
    const slices = cluster
      .list("endpointslices", service.namespace)
      ?.filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === service.name);
    const ready = slices?.some(({ endpoints }) =>
      (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
    );
    if (ready === false) return { service, why: "has no ready endpoint" };
  }
  return undefined;
}
