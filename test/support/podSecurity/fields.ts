import type { Container, PodSpec } from "../stackPods/pod.ts";

// biome-ignore lint/suspicious/noExplicitAny: a security context has many shapes.
export type Context = Record<string, any>;

export interface Named {
  label: string;
  container: Container;
  context: Context;
}

/** All containers of a pod, each with its security context. */
export function containersOf(spec: PodSpec): Named[] {
  const lists = [spec.initContainers, spec.containers, spec.ephemeralContainers];
  return lists
    .flatMap((list) => list ?? [])
    .map((container) => ({
      label: `container ${container.name ?? "(without name)"}`,
      container,
      context: container.securityContext ?? {},
    }));
}

/** The pod's own security context and those of its containers, by their places. */
export function contextsOf(spec: PodSpec): { label: string; context: Context }[] {
  return [{ label: "pod", context: spec.securityContext ?? {} }, ...containersOf(spec)];
}
