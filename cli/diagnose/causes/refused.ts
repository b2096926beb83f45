import type { Cluster } from "../cluster.ts";
import { type Cause, describe, type Evidence, type Finding, ofEvent, ref } from "../finding.ts";
import type { KubeEvent } from "../objects.ts";
import type { Subject } from "../subject.ts";
import { lastError } from "./reconcile.ts";
import { WITH_PODS } from "./roles.ts";

/** What a pod that the API server refuses brings about. */
const OF_A_REFUSAL = ["pods-refused", "reconcile-error", "old-pods", "still-starting"];

/** Pod security admission. Source: pod-security-admission/admission/admission.go of Kubernetes 1.35. */
export const podSecurity: Cause = {
  id: "pod-security",
  roles: WITH_PODS,
  explains: OF_A_REFUSAL,
  judge(cluster, subject) {
    return refusal(cluster, subject, /violates PodSecurity "([^":]+)/, ([, standard = ""]) => ({
      summary: `The namespace ${subject.namespace} refuses its pods: they don't meet the pod security standard "${standard}".`,
      likelihood: 0.97,
      next: [
        {
          text: "See what the namespace demands",
          command: `kubectl get namespace ${subject.namespace} --show-labels`,
        },
        {
          text: "KAITO's pods meet baseline, not restricted: models belong into a namespace of their own (mcpaas:modelNamespace), which the stack makes for them",
          command: "pulumi preview --diff",
        },
      ],
    }));
  },
};

/** Gatekeeper, with which Azure Policy works, and other webhooks and policies of the API server. */
export const policyDenied: Cause = {
  id: "policy-denied",
  roles: WITH_PODS,
  explains: OF_A_REFUSAL,
  judge(cluster, subject) {
    return refusal(
      cluster,
      subject,
      /admission webhook "([^"]+)" denied the request|ValidatingAdmissionPolicy '([^']+)' with binding/,
      ([, webhook, policy]) => {
        const gatekeeper = webhook?.includes("gatekeeper");
        return {
          summary: `A policy refuses its pods: ${gatekeeper ? "Azure Policy (Gatekeeper)" : (webhook ?? policy)}.`,
          likelihood: 0.96,
          next: [
            gatekeeper
              ? {
                  text: "The text in brackets names the assignment; exempt the namespace there, or meet it",
                  command: "kubectl get constraints",
                }
              : {
                  text: "See the policies",
                  command: "kubectl get validatingwebhookconfigurations,validatingadmissionpolicies",
                },
          ],
        };
      },
    );
  },
};

/** A ResourceQuota or a LimitRange. Source: apiserver/pkg/admission/plugin/resourcequota/controller.go. */
export const namespaceQuota: Cause = {
  id: "namespace-quota",
  roles: WITH_PODS,
  explains: OF_A_REFUSAL,
  judge(cluster, subject) {
    return refusal(
      cluster,
      subject,
      /exceeded quota: ([^,]+)|failed quota: ([^:]+): must specify ([^\s]+)|(maximum|minimum) \S+ usage per (Container|Pod)/,
      ([, exceeded, failed, missing]) => ({
        summary: exceeded
          ? `The namespace's ResourceQuota ${exceeded} has no room for its pods.`
          : failed
            ? `The namespace's ResourceQuota ${failed} demands ${missing}, which its pods don't say.`
            : "The namespace's LimitRange doesn't allow its pods.",
        likelihood: 0.96,
        evidence: quotaEvidence(cluster, subject, exceeded ?? failed),
        next: [
          {
            text: "See what is used",
            command: `kubectl -n ${subject.namespace} describe resourcequotas,limitranges`,
          },
          { text: "Raise it: the argument quota of RestrictedNamespace", command: "pulumi up" },
        ],
      }),
    );
  },
};

/** Its pods can't be made, for another reason. */
export const podsRefused: Cause = {
  id: "pods-refused",
  roles: WITH_PODS,
  explains: ["old-pods"],
  judge(cluster, subject) {
    return refusal(cluster, subject, /(?:)/, () => ({
      summary: "Its pods can't be made.",
      likelihood: 0.7,
      next: subject.workload
        ? [
            {
              text: "See why",
              command: describe(subject.workload.kind.toLowerCase(), subject.workload.object),
            },
          ]
        : [],
    }));
  },
};

type Words = Omit<Finding, "evidence"> & { evidence?: Evidence[] };

/** What the controllers of workloads, or KAITO and KMCP themselves, say when the API server refused them. */
function refusal(
  cluster: Cluster,
  subject: Subject,
  pattern: RegExp,
  words: (match: RegExpMatchArray) => Words,
): Finding | undefined {
  for (const event of creationFailures(cluster, subject)) {
    const match = event.message?.match(pattern);
    if (match) return finished(words(match), ofEvent(cluster, event));
  }
  const last = lastError(subject);
  const match = /(?:)/.source === pattern.source ? undefined : last?.error.match(pattern);
  if (!last || !match) return undefined;
  return finished(words(match), {
    object: `${subject.kind} ${subject.namespace}/${subject.name}`,
    field: `condition ${last.type}`,
    value: last.error,
  });
}

function finished({ evidence = [], ...words }: Words, first: Evidence): Finding {
  return { ...words, evidence: [first, ...evidence] };
}

/** The newest of each object, and only while pods are missing: another may be of a time when else was wrong. */
function creationFailures(cluster: Cluster, { workload, pods }: Subject): KubeEvent[] {
  if (!workload) return [];
  const { kind, object } = workload;
  const wanted = kind === "Job" ? 1 : (object.spec?.replicas ?? 1);
  const sets = cluster
    .seen("replicasets")
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid));
  const outdated = kind === "Deployment" && (object.status?.updatedReplicas ?? 0) < wanted;
  if (pods.length >= wanted && !outdated) return [];
  return [cluster.events(kind, object), ...sets.map((each) => cluster.events("ReplicaSet", each))].flatMap(
    (events) => events.filter(({ reason }) => reason === "FailedCreate").slice(0, 1),
  );
}

function quotaEvidence(cluster: Cluster, { namespace }: Subject, name: string | undefined): Evidence[] {
  const quota = name === undefined ? undefined : cluster.find("resourcequotas", namespace, name);
  if (!quota) return [];
  const { hard = {}, used = {} } = quota.status ?? {};
  const full = Object.entries(hard).map(([key, value]) => `${key} ${used[key] ?? 0} of ${value}`);
  return [{ object: ref("resourcequota", quota), field: "status", value: full.join(", ") }];
}
