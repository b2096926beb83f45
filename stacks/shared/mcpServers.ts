import * as pulumi from "@pulumi/pulumi";
import type { KedaPrometheus } from "../../components/autoscaling/scaledObject.ts";
import type { ServedTools } from "../../components/chatApp.ts";
import { stdioLimits } from "../../components/mcpServerDeployment/stdioSessions.ts";
import {
  type McpAutoscaling,
  type McpGuardArgs,
  type McpGuardAuthentication,
  type McpGuardCaller,
  type McpGuardLimits,
  McpServerDeployment,
} from "../../components/mcpServerDeployment.ts";
import { argumentsFrom } from "../../components/validation.ts";
import { usesKeda } from "../settings/keda.ts";
import type { McpGuardSettings, McpServerSettings, Settings } from "../settings.ts";
import { callsServer, chatCaller, withChat } from "./chatPartners.ts";
import { ownClients } from "./clients.ts";
import { inRegistry, type ServerImages } from "./images.ts";
import { publicGuard, serverIngress, withGateway } from "./ingressPartners.ts";
import { withMetricsAgent } from "./metricsAgent.ts";
import { mutable } from "./mutable.ts";

/** Where a stack's MCP servers run, and from what. */
export interface McpServersPlace {
  /** The namespace, as an output of what makes it. */
  namespace: pulumi.Input<string>;
  /** Host of the stack's registry, for images that name none. */
  loginServer: pulumi.Input<string>;
  /** The images of `imagesOfServers`. */
  images: ServerImages;
  /** That of the cluster: how the servers' pods are seen to come up. */
  kubeconfig: pulumi.Input<string>;
  /** Where KEDA asks for metrics, if something scales by them. */
  prometheus?: KedaPrometheus;
  /** Provider, and what must be there before: the namespace, KMCP, and the right to pull images. */
  options: pulumi.ComponentResourceOptions;
}

/** The folders below `servers` from which the servers of the settings, and the guard of any, are built. */
export function imagesOfServers({ mcpServers }: Pick<Settings, "mcpServers">): string[] {
  const all = Object.values(mcpServers);
  const folders = all.flatMap(({ build }) => build ?? []);
  return all.some(({ guard }) => guard.mode !== "none") ? [...folders, "guard"] : folders;
}

/** What became of each server, by its name. */
export type DeployedServers = (readonly [name: string, server: ServedTools])[];

/** The MCP servers of the settings. */
export function mcpServers(settings: Settings, place: McpServersPlace): DeployedServers {
  const { loginServer, namespace, images, kubeconfig, prometheus, options } = place;
  return Object.entries(settings.mcpServers).map(([name, server]) => {
    const deployed = argumentsFrom(`mcpaas:mcpServers.${name}`, () => {
      const { guard, clients, image, build, autoscaling, ...args } = mutable(server);
      const outside = serverIngress(settings, name);
      return new McpServerDeployment(
        name,
        {
          ...args,
          autoscaling: autoscaling && autoscalingArgs(autoscaling, prometheus),
          namespace,
          kubeconfig,
          guard: publicGuard(
            outside,
            guardArgs(
              settings,
              images["guard"],
              server.guard,
              stdioLimits(mutable(server)),
              chatCaller(settings, name),
            ),
          ),
          clients: withGateway(
            outside,
            withChat(settings, callsServer(settings, name), ownClients(clients, settings.mcpNamespace)),
          ),
          image: build ? images[build] : image && inRegistry(image, loginServer),
        },
        options,
      );
    });
    return [name, deployed] as const;
  });
}

/** How a server scales, and by whom. */
function autoscalingArgs(
  { scaler, ...autoscaling }: NonNullable<McpServerSettings["autoscaling"]>,
  prometheus: KedaPrometheus | undefined,
): McpAutoscaling {
  const byKeda = usesKeda({ scaler, ...autoscaling });
  // The settings have been checked: whoever scales by Azure Monitor's metrics has them.
  if (byKeda && prometheus === undefined)
    throw new Error("a server scales with KEDA, and nobody says where it asks");
  return byKeda ? { ...autoscaling, keda: prometheus } : autoscaling;
}

/** Their addresses in the cluster, and as a secret the tokens of their callers. */
export function addressesOf(servers: DeployedServers) {
  return {
    urls: pulumi.output(Object.fromEntries(servers.map(([name, { url }]) => [name, url]))),
    tokens: pulumi.secret(Object.fromEntries(servers.map(([name, { tokens }]) => [name, tokens]))),
  };
}

/**
 * The guard of one server, if it has one.
 *
 * @param image the guard's
 * @param own the server's settings; without any, what holds for all
 * @param needed as with `requiredGuardArgs`, and `callers`, too
 */
export function guardArgs(
  settings: Pick<Settings, "mcpGuard" | "mcpNamespace" | "monitoring">,
  image: pulumi.Input<string> | undefined,
  own: Partial<McpServerSettings["guard"]> = {},
  needed: McpGuardLimits = {},
  callers: Record<string, McpGuardCaller> = {},
): McpGuardArgs | "none" {
  const { mode, ...particular } = own;
  return mode === "none" ? "none" : requiredGuardArgs(settings, image, particular, needed, callers);
}

/**
 * The guard of a server that has one: what holds for all, and on top what holds for this one. Each limit of
 * the server's own takes the place of the stack's.
 *
 * @param needed limits of this kind of server, which know it better than what holds for all: a server that
 * runs for long needs a late deadline whatever others have. What is said of this very server comes on top.
 * @param callers with a static token, besides those of the settings, where callers have to say who they are
 */
export function requiredGuardArgs(
  settings: Pick<Settings, "mcpGuard" | "mcpNamespace" | "monitoring">,
  image: pulumi.Input<string> | undefined,
  { limits, breaker, retries, ...particular }: Omit<Partial<McpServerSettings["guard"]>, "mode">,
  needed: McpGuardLimits = {},
  callers: Record<string, McpGuardCaller> = {},
): McpGuardArgs {
  if (image === undefined) throw new Error("a server has a guard, and nobody gave its image");
  const { mcpGuard, mcpNamespace } = settings;
  const { authentication, metricsClients, ...common } = mutable(mcpGuard);
  return {
    ...common,
    ...mutable(particular),
    image,
    authentication: authenticationArgs(authentication, callers),
    metricsClients: withMetricsAgent(settings, ownClients(metricsClients, mcpNamespace)),
    limits: { ...common.limits, ...needed, ...mutable(limits) },
    breaker: { ...common.breaker, ...mutable(breaker) },
    retries: { ...common.retries, ...mutable(retries) },
  };
}

function authenticationArgs(
  { tokens, ...others }: McpGuardSettings["authentication"],
  callers: Record<string, McpGuardCaller>,
): McpGuardAuthentication {
  const all = others.none === undefined ? { ...callers, ...mutable(tokens?.callers) } : {};
  return { ...mutable(others), tokens: Object.keys(all).length > 0 ? all : undefined };
}
