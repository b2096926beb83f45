import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { dig, reveal } from "../lib/unknown.ts";

const autoscaler = /^kubernetes:(autoscaling\/v\w+:HorizontalPodAutoscaler|keda\.sh\/v1alpha1:ScaledObject)$/;
const mcpServer = /^kubernetes:kagent\.dev\/v\w+:MCPServer$/;

const FIX =
  'Take the autoscaler away and set replicas of the server, or run it as a Deployment of its own: runtime "deployment" ' +
  "of McpServerDeployment, with its autoscaling.";

/** No autoscaler is aimed at the Deployment of an MCPServer, whose replicas KMCP sets. */
export const kmcpReplicas: StackValidationPolicy = {
  name: "kmcp-replicas",
  displayName: "KMCP's replicas are left alone",
  severity: "high",
  description:
    "KMCP sets the replicas of an MCPServer's Deployment each time it reconciles. An autoscaler on it is undone, " +
    "most of all while pods come up, and an MCPServer itself can't be scaled: it has no scale subresource.",
  remediationSteps: FIX,
  enforcementLevel: "mandatory",
  validateStack({ resources }, report) {
    const all = resources.map((resource) => ({ resource, props: reveal(resource.props) }));
    const servers = new Set(
      all.filter(({ resource }) => mcpServer.test(resource.type)).map(({ props }) => place(props)),
    );
    for (const { resource, props } of all) {
      if (!autoscaler.test(resource.type)) continue;
      const target = dig(props, "spec", "scaleTargetRef");
      // KEDA's target is a Deployment where nothing is said.
      const kind = dig(target, "kind") ?? "Deployment";
      const name = dig(target, "name");
      const namespace = dig(props, "metadata", "namespace") ?? "default";
      const owned = kind === "Deployment" && servers.has(`${namespace}/${name}`);
      if (!owned && kind !== "MCPServer") continue;
      say(
        report,
        resource,
        `The autoscaler is aimed at the MCP server ${name}, whose replicas KMCP sets.\n${FIX}`,
      );
    }
  },
};

/** Namespace and name of an object; one that isn't known yet is the place of none. */
function place(props: unknown): string {
  const [namespace, name] = [
    dig(props, "metadata", "namespace") ?? "default",
    dig(props, "metadata", "name"),
  ];
  return `${namespace}/${name}`;
}

/** The SDK takes an object, though its type doesn't say so: without one the whole description stands above. */
function say(
  report: Parameters<StackValidationPolicy["validateStack"]>[1],
  { urn }: PolicyResource,
  message: string,
): void {
  (report as unknown as (violation: { message: string; urn: string }) => void)({ message, urn });
}
