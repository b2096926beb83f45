import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { DNS_LABEL, QUANTITY } from "./forms.ts";
import { DNS_EGRESS, EGRESS_BUT_NODE_SERVICES } from "./restrictedNamespace/egress.ts";
import {
  checkedStandard,
  type PodSecurityExemption,
  podSecurityMetadata,
} from "./restrictedNamespace/podSecurity.ts";
import { ensure, InputPropertyError, matches } from "./validation.ts";

export type { PodSecurityExemption } from "./restrictedNamespace/podSecurity.ts";

/** Arguments of RestrictedNamespace. */
export interface RestrictedNamespaceArgs {
  /** The namespace's own name, 1 to 63 of a-z, 0-9 and '-'. @default - the component's name */
  namespace?: string;
  /**
   * A weaker pod security standard than "restricted", and why these pods can't meet that. The reason is an annotation
   * of the namespace, for whoever finds it there. Pods that don't meet the standard are refused by the API server.
   * @default - none: pods must meet the standard "restricted"
   */
  podSecurityExemption?: PodSecurityExemption;
  /**
   * Deny outgoing traffic but DNS unless another NetworkPolicy allows it. Pods that talk to the Kubernetes API
   * need it off: no NetworkPolicy can name the API server. They then reach all but what would answer them as if they
   * were their node: the instance metadata service, and Azure's wireserver.
   * @default true
   */
  denyEgress?: boolean;
  /**
   * The most that all pods together may use, in Kubernetes quantities. Replaces the default as a whole.
   * @default { pods: "50", "requests.cpu": "8", "requests.memory": "16Gi", "limits.memory": "32Gi" }
   */
  quota?: Record<string, string>;
  /**
   * Memory limit of containers that have none, a Kubernetes quantity; "none" leaves them without, for controllers
   * whose pods use what a node has, as models do. The quota may not speak of limits then.
   * @default "256Mi"
   */
  defaultMemoryLimit?: string;
  /** Labels of the namespace besides those that pod security needs. @default - none */
  labels?: Record<string, string>;
}

/**
 * A namespace that is closed until something opens it: pod security standard enforced, no traffic in, none out but
 * DNS, a ResourceQuota, and a LimitRange that gives every container requests and, unless it is told not to, a memory
 * limit.
 *
 * Makes a Namespace, two NetworkPolicies, a ResourceQuota and a LimitRange. Costs nothing. What is put into
 * the namespace must depend on this component, or it could come before the rules.
 */
export class RestrictedNamespace extends pulumi.ComponentResource {
  /** The namespace's name; what uses it depends on the namespace. */
  declare readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: RestrictedNamespaceArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:RestrictedNamespace", name, {}, opts);
    const standard = checkedStandard(args.podSecurityExemption);
    const denyEgress = args.denyEgress ?? true;
    const quota = args.quota ?? DEFAULT_QUOTA;
    const memoryLimit = ensure("defaultMemoryLimit", args.defaultMemoryLimit ?? "256Mi", (limit) =>
      limit === "none" ? undefined : matches(QUANTITY)(limit),
    );
    if (memoryLimit === "none" && Object.keys(quota).some((what) => what.startsWith("limits."))) {
      throw new InputPropertyError(
        "quota",
        'limits what containers may have as limits, and defaultMemoryLimit "none" leaves them without: ' +
          "Kubernetes would refuse their pods; give a quota without limits.*",
      );
    }
    const namespaceName = ensure("namespace", args.namespace ?? name, matches(DNS_LABEL));
    const created = new Namespace(
      name,
      {
        metadata: {
          name: namespaceName,
          ...podSecurityMetadata(standard, args.podSecurityExemption, args.labels),
        },
      },
      { parent: this },
    );
    // Known in the preview even when the cluster isn't there yet, and still something that depends on the namespace.
    const namespace = created.urn.apply(() => namespaceName);
    new NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: { name: "default-deny", namespace },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      { parent: this },
    );
    const out = denyEgress ? "allow-dns" : "allow-egress";
    new NetworkPolicy(
      `${name}-${out}`,
      {
        metadata: { name: out, namespace },
        spec: {
          podSelector: {},
          policyTypes: ["Egress"],
          egress: [denyEgress ? DNS_EGRESS : EGRESS_BUT_NODE_SERVICES],
        },
      },
      { parent: this },
    );
    new ResourceQuota(
      `${name}-quota`,
      { metadata: { name: "quota", namespace }, spec: { hard: quota } },
      { parent: this },
    );
    new LimitRange(
      `${name}-limits`,
      {
        metadata: { name: "limits", namespace },
        spec: {
          limits: [
            {
              type: "Container",
              defaultRequest: { cpu: "50m", memory: "64Mi" },
              ...(memoryLimit === "none" ? {} : { default: { memory: memoryLimit } }),
            },
          ],
        },
      },
      { parent: this },
    );
    this.namespace = namespace;
    this.registerOutputs({ namespace });
  }
}

const DEFAULT_QUOTA = {
  pods: "50",
  "requests.cpu": "8",
  "requests.memory": "16Gi",
  "limits.memory": "32Gi",
};
