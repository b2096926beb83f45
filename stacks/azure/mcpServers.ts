import * as pulumi from "@pulumi/pulumi";
import {
  type McpGuardArgs,
  type McpGuardAuthentication,
  McpServerDeployment,
} from "../../components/mcpServerDeployment.ts";
import { argumentsFrom } from "../../components/validation.ts";
import type { McpGuardSettings, McpServerSettings, Settings } from "../settings.ts";
import { ownClients } from "./clients.ts";
import { inRegistry, type ServerImages } from "./images.ts";
import { mutable } from "./mutable.ts";

/** Where a stack's MCP servers run, and from what. */
export interface McpServersPlace {
  /** The namespace, as an output of what makes it. */
  namespace: pulumi.Input<string>;
  /** Host of the stack's registry, for images that name none. */
  loginServer: pulumi.Input<string>;
  /** The images of `imagesOfServers`. */
  images: ServerImages;
  /** Provider, and what must be there before: the namespace, KMCP, and the right to pull images. */
  options: pulumi.ComponentResourceOptions;
}

/** The folders below `servers` from which the servers of the settings, and the guard of any, are built. */
export function imagesOfServers({ mcpServers }: Pick<Settings, "mcpServers">): string[] {
  const all = Object.values(mcpServers);
  const folders = all.flatMap(({ build }) => build ?? []);
  return all.some(({ guard }) => guard.mode !== "none") ? [...folders, "guard"] : folders;
}

/** The MCP servers of the settings: their addresses in the cluster, and as a secret the tokens of their callers. */
export function mcpServers(settings: Settings, place: McpServersPlace) {
  const { loginServer, namespace, images, options } = place;
  const servers = Object.entries(settings.mcpServers).map(([name, server]) => {
    const deployed = argumentsFrom(`mcpaas:mcpServers.${name}`, () => {
      const { guard, clients, image, build, ...args } = mutable(server);
      return new McpServerDeployment(
        name,
        {
          ...args,
          namespace,
          guard: guardArgs(settings, images["guard"], server.guard),
          clients: ownClients(clients, settings.mcpNamespace),
          image: build ? images[build] : image && inRegistry(image, loginServer),
        },
        options,
      );
    });
    return [name, deployed] as const;
  });
  return {
    urls: pulumi.output(Object.fromEntries(servers.map(([name, { url }]) => [name, url]))),
    tokens: pulumi.secret(Object.fromEntries(servers.map(([name, { tokens }]) => [name, tokens]))),
  };
}

/**
 * The guard of one server: what holds for all, and on top what holds for this one. Each limit of the server's own
 * takes the place of the stack's.
 *
 * @param image the guard's
 * @param own the server's settings; without any, what holds for all
 */
export function guardArgs(
  { mcpGuard, mcpNamespace }: Pick<Settings, "mcpGuard" | "mcpNamespace">,
  image: pulumi.Input<string> | undefined,
  own: Partial<McpServerSettings["guard"]> = {},
): McpGuardArgs | "none" {
  const { mode, limits, breaker, retries, ...particular } = own;
  if (mode === "none") return "none";
  if (image === undefined) throw new Error("a server has a guard, and nobody gave its image");
  const { authentication, metricsClients, ...common } = mutable(mcpGuard);
  return {
    ...common,
    ...mutable(particular),
    image,
    authentication: authenticationArgs(authentication),
    metricsClients: ownClients(metricsClients, mcpNamespace),
    limits: { ...common.limits, ...mutable(limits) },
    breaker: { ...common.breaker, ...mutable(breaker) },
    retries: { ...common.retries, ...mutable(retries) },
  };
}

function authenticationArgs({
  tokens,
  ...others
}: McpGuardSettings["authentication"]): McpGuardAuthentication {
  return { ...mutable(others), tokens: mutable(tokens?.callers) };
}
