import { addContainers, type Pod } from "./containers.ts";
import { dig, isRecord, Unknown } from "./unknown.ts";

const path = "spec.deployment";

/**
 * The pod that KMCP makes of an MCPServer: its main container is `spec.deployment` itself.
 *
 * With the stdio transport KMCP always adds an init container, which copies its gateway; the custom resource
 * can set that container's resources, so it is looked at even where the custom resource is silent.
 */
export function mcpServerPods(props: unknown): Pod[] {
  const deployment = dig(props, "spec", "deployment");
  if (deployment instanceof Unknown) {
    return [{ path: deployment.path, scheduling: deployment, containers: [], hidden: [deployment] }];
  }
  if (!isRecord(deployment)) return [];
  const pod: Pod = { path, scheduling: deployment, containers: [], hidden: [] };
  pod.containers.push({ label: "MCP server container", path, fields: deployment });

  const initContainer = dig(deployment, "initContainer");
  const transport = dig(props, "spec", "transportType");
  if (initContainer instanceof Unknown) pod.hidden.push(initContainer);
  else if (isRecord(initContainer) || transport === "stdio") {
    pod.containers.push({
      label: "gateway init container",
      path: `${path}.initContainer`,
      fields: isRecord(initContainer) ? initContainer : {},
      imageDefaulted: true,
    });
  } else if (transport instanceof Unknown) pod.hidden.push(transport);
  addContainers(pod, dig(deployment, "sidecars"), `${path}.sidecars`, "sidecar");
  return [pod];
}
