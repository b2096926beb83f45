import { addContainers, type Pod } from "./containers.ts";
import { dig, isRecord, join, Unknown } from "./unknown.ts";

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
 * The pod that KMCP makes of an MCPServer: its main container is `spec.deployment` itself, and so is most of the
 * pod's own spec.
 *
 * With the stdio transport KMCP always adds an init container, which copies its gateway; the custom resource can set
 * that container's resources, so it is looked at even where the custom resource is silent. It gets the server's
 * security context where it has none.
 *
 * @param partial whether it is a patch: what it leaves out may be set already, so KMCP's own defaults don't count
 */
export function mcpServerPods(props: unknown, partial = false): Pod[] {
  const deployment = dig(props, "spec", "deployment");
  const pod: Pod = {
    kind: "MCPServer",
    path,
    spec: deployment,
    partial,
    custom: true,
    containers: [],
    hidden: [],
  };
  if (deployment instanceof Unknown) return [{ ...pod, hidden: [deployment] }];
  if (!isRecord(deployment)) return [];
  pod.spec = {
    ...deployment,
    securityContext: deployment["podSecurityContext"],
    ...(partial ? {} : accountOf(deployment, props)),
  };
  pod.elsewhere = { securityContext: `${path}.podSecurityContext` };
  const main = withEnv(partial ? deployment : withImage(deployment));
  pod.containers.push({ role: "main", label: "MCP server container", path, fields: main });

  const initContainer = dig(deployment, "initContainer");
  const transport = dig(props, "spec", "transportType");
  if (initContainer instanceof Unknown) pod.hidden.push(initContainer);
  else if (isRecord(initContainer) || (transport === "stdio" && !partial)) {
    const own = isRecord(initContainer) ? initContainer : {};
    pod.containers.push({
      role: "init",
      label: "gateway init container",
      path: `${path}.initContainer`,
      fields: { ...own, securityContext: own["securityContext"] ?? deployment["securityContext"] },
      imageDefaulted: true,
    });
  } else if (transport instanceof Unknown && !partial) pod.hidden.push(transport);
  addContainers(pod, dig(deployment, "sidecars"), `${path}.sidecars`, "main", "sidecar");
  return [pod];
}

/** KMCP runs the pod under an account of the server's name, which it makes, unless it is told of another. */
function accountOf(deployment: Record<string, unknown>, props: unknown): Record<string, unknown> {
  const named = deployment["serviceAccountName"];
  const own = dig(props, "metadata", "name");
  return { serviceAccountName: named === undefined || named === "" ? own : named };
}

/** The deployment with the image that KMCP would put in, which is unknown as long as the command is. */
function withImage(deployment: Record<string, unknown>): Record<string, unknown> {
  const { image, cmd } = deployment;
  if (image !== undefined && image !== "") return deployment;
  if (cmd instanceof Unknown) return { ...deployment, image: cmd };
  const own = typeof cmd === "string" ? imageOfCommand[cmd] : undefined;
  return own === undefined ? deployment : { ...deployment, image: own };
}

/** Variables are a map here and a list in a container; `args` of stdio are those of the gateway's child. */
function withEnv(deployment: Record<string, unknown>): Record<string, unknown> {
  const { env, ports: _, ...rest } = deployment;
  if (!isRecord(env)) return { ...rest, env };
  return {
    ...rest,
    env: Object.entries(env).map(([name, value]) => ({ name, value, path: join(`${path}.env`, name) })),
  };
}
