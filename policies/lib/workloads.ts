import { type Answer, all, same } from "./answer.ts";
import type { Pod } from "./containers.ts";
import { podsOf } from "./pods.ts";
import type { StackResource } from "./stackRule.ts";
import { dig, isRecord, Unknown } from "./unknown.ts";

/** A resource that keeps some number of pods, and what else of it rules on the stack look at. */
export interface Workload {
  resource: StackResource;
  kind: string;
  pod: Pod;
  /** The pods' labels, where Kubernetes selects them. */
  labels: unknown;
  replicas: unknown;
}

const KEEPING = /^kubernetes:(?:apps\/v\w+:(Deployment|StatefulSet)|kagent\.dev\/v\w+:(MCPServer))$/;

/** What of the stack keeps a number of pods: Deployments, StatefulSets and MCPServers. */
export function workloadsOf(resources: readonly StackResource[]): Workload[] {
  return resources.flatMap((resource) => {
    const [, own, custom] = KEEPING.exec(resource.type) ?? [];
    const kind = own ?? custom;
    const [pod] = kind === undefined ? [] : podsOf(resource.type, resource.props);
    if (kind === undefined || pod === undefined) return [];
    const spec = dig(resource.props, "spec");
    if (kind === "MCPServer") {
      const deployment = dig(spec, "deployment");
      const labels = { ...labelsOfKmcp(resource), ...recordOf(dig(deployment, "labels")) };
      return [{ resource, kind, pod, labels, replicas: dig(deployment, "replicas") ?? 1 }];
    }
    const labels = dig(spec, "template", "metadata", "labels") ?? {};
    return [{ resource, kind, pod, labels, replicas: dig(spec, "replicas") ?? 1 }];
  });
}

/** Labels that KMCP puts on pods. Source: transportadapter_translator.go of github.com/kagent-dev/kmcp, v0.3.0. */
function labelsOfKmcp({ props }: StackResource): Record<string, unknown> {
  const name = dig(props, "metadata", "name");
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/managed-by": "kmcp",
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** The namespace that an object is in, "default" where it says none. */
export function namespaceOf({ props }: StackResource): unknown {
  return dig(props, "metadata", "namespace") ?? "default";
}

/** Whether two objects are in one namespace of one cluster, as far as can be seen. */
export function together(a: StackResource, b: StackResource): Answer {
  return same(namespaceOf(a), namespaceOf(b));
}

/** Whether a target, as an autoscaler names it, is the workload. */
export function isTarget(reference: unknown, at: StackResource, { resource, kind }: Workload): Answer {
  const hidden = [reference, dig(reference, "kind"), dig(reference, "name")].find(
    (each) => each instanceof Unknown,
  );
  if (hidden instanceof Unknown) return hidden;
  if ((dig(reference, "kind") ?? "Deployment") !== kind) return false;
  return all([together(at, resource), same(dig(reference, "name"), dig(resource.props, "metadata", "name"))]);
}
