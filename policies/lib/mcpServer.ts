import { addContainers, type Pod } from "./containers.ts";
import { dig, isRecord, Unknown } from "./unknown.ts";

const path = "spec.deployment";

/**
 * The images with which KMCP runs these commands when the custom resource names none.
 * Source: transportadapter_translator.go of github.com/kagent-dev/kmcp, v0.3.0.
 */
const imageOfCommand: Record<string, string> = {
  uvx: "ghcr.io/astral-sh/uv:debian",
  npx: "node:24-alpine3.21",
};

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
  pod.containers.push({ label: "MCP server container", path, fields: withImage(deployment) });

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

/** The deployment with the image that KMCP would put in, which is unknown as long as the command is. */
function withImage(deployment: Record<string, unknown>): Record<string, unknown> {
  const { image, cmd } = deployment;
  if (image !== undefined && image !== "") return deployment;
  if (cmd instanceof Unknown) return { ...deployment, image: cmd };
  const own = typeof cmd === "string" ? imageOfCommand[cmd] : undefined;
  return own === undefined ? deployment : { ...deployment, image: own };
}
