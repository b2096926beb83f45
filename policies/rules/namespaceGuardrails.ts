import { inOrder, kindOf, namespaceOf, ofKind } from "../lib/objects.ts";
import { podsOf } from "../lib/pods.ts";
import { type StackFindings, type StackResource, stackRule } from "../lib/stackRule.ts";
import { dig, Unknown } from "../lib/unknown.ts";
import { type Direction, deniesByDefault } from "./namespaceGuardrails/defaultDeny.ts";

/** Configuration of `namespace-guardrails`. */
export interface NamespaceGuardrailsConfig {
  /** Why a namespace needs none, by its name. @default kube-system, which is AKS's */
  without: Record<string, string>;
}

/** Custom resources whose controllers make pods in the same namespace, besides those that hold a pod's spec. */
const makers = /^(kagent\.dev\/MCPServer|kaito\.sh\/(Workspace|InferenceSet|RAGEngine))$/;

/** Namespaces with pods are limited, and closed until something opens them. */
export const namespaceGuardrails = stackRule<NamespaceGuardrailsConfig>({
  name: "namespace-guardrails",
  displayName: "Namespaces with pods have quota, limits and default-deny",
  severity: "high",
  demands:
    "A namespace with pods has a ResourceQuota, a LimitRange, and NetworkPolicies that deny all traffic, in and out, " +
    "that no other one allows.",
  why:
    "Without them one workload takes the whole cluster's room, and any pod that is broken into talks to every " +
    "other, and to the internet.",
  fix:
    "Give the namespace a ResourceQuota, a LimitRange with defaults for containers, and a NetworkPolicy with an " +
    "empty podSelector, policyTypes Ingress and Egress, and no rules. RestrictedNamespace of mcpaas makes all.",
  config: {
    without: {
      type: "object",
      additionalProperties: { type: "string", minLength: 10 },
      default: { "kube-system": "AKS runs its own pods there and reverts what others change" },
      description: "Why a namespace needs no guardrails, by its name.",
    },
  },
  check(resources, { without }, found) {
    const members = new Map<string, StackResource>();
    for (const each of inOrder(resources)) {
      const kind = kindOf(each.type) ?? "";
      // A chart's own objects are resources as well, each with its namespace.
      if (kind.startsWith("helm.sh/") || !(makers.test(kind) || podsOf(each.type, each.props).length > 0))
        continue;
      const namespace = namespaceOf(each);
      if (namespace instanceof Unknown) found.unknown(namespace, each);
      else if (!members.has(String(namespace))) members.set(String(namespace), each);
    }
    for (const [name, member] of members) {
      if (!Object.hasOwn(without, name)) checkNamespace(name, member, resources, found);
    }
  },
});

function checkNamespace(
  name: string,
  member: StackResource,
  resources: readonly StackResource[],
  found: StackFindings,
) {
  const own = ofKind(resources, "core/Namespace").find(
    ({ props }) => dig(props, "metadata", "name") === name,
  );
  const about = own ?? member;
  const here = (kind: string) => ofKind(resources, kind).filter((each) => mayBeIn(each, name));
  const judge = (what: string, answers: [StackResource, boolean | Unknown][]) => {
    if (answers.some(([, answer]) => answer === true)) return;
    const hidden = answers.find(([, answer]) => answer instanceof Unknown);
    if (hidden) found.unknown(hidden[1] as Unknown, hidden[0]);
    else found.violation(`The namespace ${name} has pods and no ${what}.`, about);
  };
  const among = (kind: string, holds: (props: unknown) => boolean | Unknown) =>
    here(kind).map((each): [StackResource, boolean | Unknown] => {
      const namespace = namespaceOf(each);
      return [each, namespace instanceof Unknown ? namespace : holds(each.props)];
    });
  judge(
    "ResourceQuota",
    among("core/ResourceQuota", () => true),
  );
  judge(
    "LimitRange",
    among("core/LimitRange", () => true),
  );
  for (const direction of ["Ingress", "Egress"] satisfies Direction[]) {
    const policies = among("networking.k8s.io/NetworkPolicy", (props) => deniesByDefault(props, direction));
    judge(`NetworkPolicy that denies ${direction} by default`, policies);
  }
}

function mayBeIn(each: StackResource, name: string): boolean {
  const namespace = namespaceOf(each);
  return namespace instanceof Unknown || namespace === name;
}
