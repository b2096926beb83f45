import type { V1LoadBalancerStatus, V1Service } from "@kubernetes/client-node";
import type { Snapshot } from "./cluster.ts";

/** Addresses that the standards keep for examples, and an address space that AKS' nodes are in by default. */
const networks = { public: "203.0.113.", internal: "10.224.0." };

/**
 * The address that Azure's load balancer gives a Service of type LoadBalancer, lowest free one first; undefined
 * when there is nothing to change. One that names a public address of Azure's gets none: there are no such
 * resources here, and it waits as it would for one that nobody has made.
 */
export function loadBalancerStatus(
  { services }: Pick<Snapshot, "services">,
  service: V1Service,
): { loadBalancer: V1LoadBalancerStatus } | undefined {
  const { annotations = {} } = service.metadata ?? {};
  const isInternal = annotations["service.beta.kubernetes.io/azure-load-balancer-internal"] === "true";
  const isGiven = annotations["service.beta.kubernetes.io/azure-pip-name"] !== undefined;
  const network = networks[isInternal ? "internal" : "public"];
  const [has] = service.status?.loadBalancer?.ingress ?? [];
  if (service.spec?.type !== "LoadBalancer" || isGiven || has?.ip?.startsWith(network)) {
    return undefined;
  }
  const taken = new Set(
    services.flatMap(({ status }) => (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip)),
  );
  const hosts = Array.from({ length: 200 }, (_, index) => `${network}${index + 10}`);
  const ip = hosts.find((address) => !taken.has(address));
  return ip === undefined ? undefined : { loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } };
}
