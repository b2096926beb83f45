import type {
  V1ConfigMap,
  V1Namespace,
  V1ObjectMeta,
  V1Pod,
  V1Secret,
  V1Service,
} from "@kubernetes/client-node";
import {
  className,
  type Gateway,
  gatewayGroup,
  type HttpRoute,
  type Ref,
  type ReferenceGrant,
} from "./types.ts";

/** All that Gateways depend on, as it is at one moment. */
export interface Snapshot {
  gateways: readonly Gateway[];
  routes: readonly HttpRoute[];
  grants: readonly ReferenceGrant[];
  services: readonly V1Service[];
  secrets: readonly V1Secret[];
  configMaps: readonly V1ConfigMap[];
  namespaces: readonly V1Namespace[];
  pods: readonly V1Pod[];
}

/** The Gateways of the class that is served here, oldest first. */
export function ourGateways({ gateways }: Snapshot): Gateway[] {
  return gateways
    .filter(({ spec, metadata }) => spec.gatewayClassName === className && !metadata.deletionTimestamp)
    .sort((a, b) => age(a.metadata) - age(b.metadata));
}

/** The object with this name, among those of one kind. */
export function find<T extends { metadata?: V1ObjectMeta }>(
  objects: readonly T[],
  namespace: string | undefined,
  name: string | undefined,
): T | undefined {
  return objects.find(({ metadata }) => metadata?.namespace === namespace && metadata?.name === name);
}

/** What is made for a Gateway is named after it and its class. */
export function workloadName(gateway: Gateway): string {
  return `${gateway.metadata.name}-${gateway.spec.gatewayClassName}`;
}

/** The pods that belong to a Gateway, by the label that its Service selects them by. */
export function podsOf({ pods }: Snapshot, { metadata: { namespace, name } }: Gateway): V1Pod[] {
  return pods.filter(
    ({ metadata }) =>
      metadata?.namespace === namespace && metadata?.labels?.[`${gatewayGroup}/gateway-name`] === name,
  );
}

/** Whether an object may refer to one: its own namespace's, or one that a ReferenceGrant there gives free. */
export function mayRefer(
  { grants }: Snapshot,
  from: { kind: string; namespace: string | undefined },
  to: Required<Pick<Ref, "kind" | "name">> & { namespace: string | undefined },
): boolean {
  if (to.namespace === undefined || to.namespace === from.namespace) {
    return true;
  }
  return grants.some(
    ({ metadata, spec }) =>
      metadata.namespace === to.namespace &&
      spec.from.some(
        (one) => one.group === gatewayGroup && one.kind === from.kind && one.namespace === from.namespace,
      ) &&
      spec.to.some((one) => one.group === "" && one.kind === to.kind && (one.name ?? to.name) === to.name),
  );
}

/** When an object was made, in milliseconds. */
export function age(metadata: V1ObjectMeta): number {
  return new Date(metadata.creationTimestamp ?? 0).getTime();
}
