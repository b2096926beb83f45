import type * as pulumi from "@pulumi/pulumi";
import { KmcpInstall } from "../../components/kmcpInstall.ts";
import { RestrictedNamespace } from "../../components/restrictedNamespace.ts";
import { keepsMetrics } from "../settings/monitored.ts";
import type { Settings } from "../settings.ts";
import type { ClusterPlace } from "./cluster.ts";
import { imagesOfKnownServers, type KnownServerMaker, knownServers } from "./knownServers.ts";
import { imagesOfServers, type McpServersPlace, mcpServers } from "./mcpServers.ts";
import { mutable } from "./mutable.ts";

/** What the MCP servers of a stack stand on. */
export interface McpPlatformPlace extends Pick<McpServersPlace, "loginServer" | "images" | "prometheus"> {
  cluster: ClusterPlace;
  /** What must be there besides before an image can be pulled. @default [] */
  pulls?: pulumi.Resource[];
  /** What makes AKS-MCP. @default - nothing does; the settings don't have it then */
  aksMcp?: KnownServerMaker;
}

/** The folders below `servers` of which the stack needs the images. */
export function neededImages(settings: Settings): string[] {
  return [...imagesOfServers(settings), ...imagesOfKnownServers(settings)];
}

/** The namespace of the MCP servers, KMCP, which handles their deletion, and then they. */
export function mcpPlatform(settings: Settings, place: McpPlatformPlace) {
  const { cluster, loginServer, images, prometheus, pulls = [], aksMcp } = place;
  const { provider, kubeconfig, dependsOn } = cluster;
  const namespace = new RestrictedNamespace(
    "mcp",
    { namespace: settings.mcpNamespace },
    { provider, dependsOn },
  );
  const { watchNamespaces, ...kmcpSettings } = settings.kmcp;
  const kmcp = new KmcpInstall(
    "kmcp",
    {
      ...mutable(kmcpSettings),
      watchNamespaces: [settings.mcpNamespace, ...watchNamespaces],
      plainMetrics: keepsMetrics(settings),
    },
    { provider, dependsOn: [...dependsOn, namespace] },
  );
  const servers = {
    namespace: namespace.namespace,
    loginServer,
    kubeconfig,
    images,
    prometheus,
    options: { provider, dependsOn: [namespace, kmcp, ...pulls] },
  };
  return { kmcp, servers: [...mcpServers(settings, servers), ...knownServers(settings, servers, aksMcp)] };
}
