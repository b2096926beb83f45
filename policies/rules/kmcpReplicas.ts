import { type StackResource, stackRule } from "../lib/stackRule.ts";
import { dig, Unknown } from "../lib/unknown.ts";

const autoscaler =
  /^kubernetes:(autoscaling\/v\w+:HorizontalPodAutoscaler|keda\.sh\/v1alpha1:ScaledObject)(Patch)?$/;
const mcpServer = /^kubernetes:kagent\.dev\/v\w+:MCPServer(Patch)?$/;

/** No autoscaler is aimed at the Deployment of an MCPServer, whose replicas KMCP sets. */
export const kmcpReplicas = stackRule<object>({
  name: "kmcp-replicas",
  displayName: "KMCP's replicas are left alone",
  severity: "high",
  demands: "No autoscaler is aimed at an MCPServer, or at the Deployment that KMCP makes of one.",
  why:
    "KMCP sets the replicas of an MCPServer's Deployment each time it reconciles. An autoscaler on it is undone, " +
    "most of all while pods come up, and an MCPServer itself can't be scaled: it has no scale subresource.",
  fix:
    'Take the autoscaler away and set replicas of the server, or run it as a Deployment of its own: runtime "deployment" ' +
    "of McpServerDeployment, with its autoscaling.",
  config: {},
  check(resources, _config, found) {
    const servers = resources.filter(({ type }) => mcpServer.test(type));
    for (const scaler of resources) {
      if (!autoscaler.test(scaler.type)) continue;
      const target = dig(scaler.props, "spec", "scaleTargetRef");
      // A patch that sets no target aims at nothing new.
      if (target === undefined) continue;
      // KEDA's target is a Deployment where nothing is said.
      const kind = dig(target, "kind") ?? "Deployment";
      const name = dig(target, "name");
      const refuse = () =>
        found.violation(
          `The autoscaler is aimed at the MCP server ${name}, whose replicas KMCP sets.`,
          scaler,
        );
      if (kind === "MCPServer") refuse();
      else if (kind === "Deployment" || kind instanceof Unknown) {
        const place = { namespace: namespaceOf(scaler), name };
        const answers = servers.map((server) => same(place, server));
        if (answers.includes(true) && kind === "Deployment") refuse();
        else {
          const hidden = kind instanceof Unknown && answers.length > 0 ? kind : answers.find(isUnknown);
          if (hidden !== undefined) found.unknown(hidden, scaler);
        }
      }
    }
  },
});

/** Whether the place is the server's; hidden where that depends on a name which isn't known yet. */
function same(place: { namespace: unknown; name: unknown }, server: StackResource): boolean | Unknown {
  const pairs = [
    [place.namespace, namespaceOf(server)],
    [place.name, dig(server.props, "metadata", "name")],
  ];
  const known = pairs.filter((pair) => !pair.some(isUnknown));
  if (known.some(([a, b]) => a !== b)) return false;
  return pairs.flat().find(isUnknown) ?? true;
}

function namespaceOf({ props }: StackResource): unknown {
  return dig(props, "metadata", "namespace") ?? "default";
}

function isUnknown(value: unknown): value is Unknown {
  return value instanceof Unknown;
}
