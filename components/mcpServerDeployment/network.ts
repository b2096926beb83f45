import type { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import { MANAGEMENT_PORT } from "../mcpGuard/config.ts";
import { issuerEgress } from "../mcpGuard/issuer.ts";
import { closePods, openPort } from "../network/policies.ts";
import type { McpServerDeploymentArgs } from "./args.ts";

/**
 * Closes every port of the pods but the one that clients call, and with a guard the one of its metrics.
 * Probes need no opening: they come from the pod's own node, which NetworkPolicies let in.
 */
export function closeServer(
  parent: pulumi.Resource,
  name: string,
  { guard, clients = [{}], egress = [], namespace }: McpServerDeploymentArgs,
  { name: serverName, port, podLabels }: { name: string; port: number; podLabels: Record<string, string> },
): NetworkPolicy {
  const policyName = `mcp-${serverName}`;
  const guarded = guard === "none" ? undefined : guard;
  const own = closePods(parent, name, {
    policyName,
    namespace,
    podLabels,
    port,
    clients,
    egress: [...egress, ...issuerEgress(guarded?.authentication.jwt)],
  });
  const scrapers = guarded?.metricsClients ?? [];
  if (scrapers.length > 0) {
    openPort(parent, `${name}.metrics`, {
      policyName: `${policyName}.metrics`,
      namespace,
      podLabels,
      port: MANAGEMENT_PORT,
      clients: scrapers,
    });
  }
  return own;
}
