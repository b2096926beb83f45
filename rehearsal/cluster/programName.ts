import type { V1Container, V1Pod } from "@kubernetes/client-node";

/** What the process of a container's program is called here. */
export function programName({ metadata }: V1Pod, { name }: Pick<V1Container, "name">): string {
  return `pod-${metadata?.namespace}-${metadata?.name}-${name}`;
}
