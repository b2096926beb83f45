import type { StackResource } from "./stackRule.ts";
import { dig, isRecord, Unknown } from "./unknown.ts";

/** The kind of a Kubernetes object by its Pulumi type, with its group: `networking.k8s.io/NetworkPolicy`. */
export function kindOf(type: string): string | undefined {
  const [, group, kind] = /^kubernetes:([\w.-]+)\/v\w+:(\w+)$/.exec(type) ?? [];
  return group === undefined ? undefined : `${group}/${kind}`;
}

/** In the order of their URNs: the engine names a stack's resources in no particular one. */
export function inOrder<Resource extends { urn: string }>(resources: readonly Resource[]): Resource[] {
  return resources.toSorted((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
}

/** Objects of one kind, by `group/Kind`; core's group is `core`. */
export function ofKind(resources: readonly StackResource[], kind: string): StackResource[] {
  return resources.filter(({ type }) => kindOf(type) === kind);
}

/** The namespace of an object; "default" where none is said. */
export function namespaceOf({ props }: StackResource): unknown {
  return dig(props, "metadata", "namespace") ?? "default";
}

/** Whether a label selector selects everything; hidden where that isn't known. */
export function selectsAll(selector: unknown): boolean | Unknown {
  if (selector instanceof Unknown) return selector;
  if (!isRecord(selector)) return selector === undefined;
  for (const part of [dig(selector, "matchLabels"), dig(selector, "matchExpressions")]) {
    if (part instanceof Unknown) return part;
    const size = Array.isArray(part) ? part.length : isRecord(part) ? Object.keys(part).length : 0;
    if (size > 0) return false;
  }
  return true;
}
