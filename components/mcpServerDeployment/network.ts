import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as pulumi from "@pulumi/pulumi";
import type { McpServerDeploymentArgs } from "../mcpServerDeployment.ts";
import { mcpClientPolicySpecs, mcpNetworkPolicySpec } from "./networkPolicy.ts";

/** Makes the policies around a server, and returns the one that closes its pods. */
export function networkPolicies(
  parent: pulumi.Resource,
  name: string,
  args: McpServerDeploymentArgs,
  server: { name: string; port: number; podLabels: Record<string, string> },
): NetworkPolicy {
  const { namespace, clients = [{}], egress = [] } = args;
  const own = new NetworkPolicy(
    `${name}-network`,
    {
      metadata: { name: `mcp-${server.name}`, namespace },
      spec: mcpNetworkPolicySpec(server.podLabels, server.port, clients, egress),
    },
    { parent },
  );
  const known = typeof namespace === "string" ? namespace : undefined;
  const outgoing = mcpClientPolicySpecs(server.podLabels, server.port, clients, known);
  for (const [who, spec] of Object.entries(outgoing)) {
    new NetworkPolicy(
      `${name}-clients-${who}`,
      // With a dot, which no server's name has: no two servers can mean the same policy.
      { metadata: { name: `mcp-${server.name}.clients-${who}`, namespace }, spec },
      { parent },
    );
  }
  return own;
}
