import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { localImages } from "./local/images.ts";
import { chosenCluster } from "./local/kubeconfig.ts";
import type { Settings } from "./settings.ts";
import { chatApp } from "./shared/chat.ts";
import type { ClusterPlace } from "./shared/cluster.ts";
import type { platformIngress } from "./shared/ingress.ts";
import { mcpPlatform, neededImages } from "./shared/mcpPlatform.ts";
import { addressesOf } from "./shared/mcpServers.ts";

/**
 * The platform in a cluster that somebody has, such as one of kind's: KMCP, MCP servers and the chat app, with a model
 * that answers elsewhere. Nothing of Azure is asked or made.
 *
 * @param frontDoor makes the ingress; needed where the settings have one
 */
export function localStack(settings: Settings, frontDoor?: typeof platformIngress) {
  const { local } = settings;
  if (local === undefined) throw new Error("the settings have been checked, and name no cluster");
  const cluster = chosenCluster(local);
  const kubeconfig = pulumi.secret(cluster.kubeconfig);
  const provider = new Provider("cluster", {
    kubeconfig,
    // New credentials are an update of the provider; another cluster behind the same context gets everything anew.
    clusterIdentifier: cluster.identifier,
    // Fields that controllers own stay theirs.
    enableServerSideApply: true,
    // A cluster that was stopped for the night must not lose its resources from the state.
    deleteUnreachable: false,
  });
  const place: ClusterPlace = { provider, kubeconfig, dependsOn: [] };
  const { servers: deployed } = mcpPlatform(settings, {
    cluster: place,
    loginServer: local.registry,
    images: localImages(settings, local.registry, neededImages(settings)),
  });
  const servers = addressesOf(deployed);
  const chat = chatApp(settings, {
    models: new Map(),
    ragEngines: new Map(),
    servers: deployed,
    cluster: place,
    loginServer: local.registry,
  });
  const ingress = frontDoor?.(settings, { cluster: place, chat, servers: deployed });

  return {
    clusterName: pulumi.output(local.context),
    kubeconfig,
    mcpUrls: servers.urls,
    mcpTokens: servers.tokens,
    chat: chat && {
      url: chat.url,
      publicUrl: chat.publicUrl,
      administrator: chat.administrator,
      signIn: chat.signIn,
    },
    ingress: ingress && { address: ingress.address, urls: ingress.urls },
  };
}
