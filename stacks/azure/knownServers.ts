import type * as pulumi from "@pulumi/pulumi";
import { aksMcpLimits } from "../../components/aksMcp/pod.ts";
import { AksMcp } from "../../components/aksMcp.ts";
import { innovationEngineLimits } from "../../components/innovationEngine/pod.ts";
import { InnovationEngine } from "../../components/innovationEngine.ts";
import type { McpGuardLimits } from "../../components/mcpServerDeployment.ts";
import { searchLimits } from "../../components/openWebSearch/guard.ts";
import { OpenWebSearch } from "../../components/openWebSearch.ts";
import { argumentsFrom } from "../../components/validation.ts";
import { KNOWN_SERVERS, type KnownServer } from "../settings/knownServers.ts";
import type { Settings } from "../settings.ts";
import { callsServer, chatCaller, withChat } from "./chatPartners.ts";
import { ownClients } from "./clients.ts";
import { inRegistry, type ServerImages } from "./images.ts";
import { publicGuard, serverIngress, withGateway } from "./ingressPartners.ts";
import { type DeployedServers, type McpServersPlace, requiredGuardArgs } from "./mcpServers.ts";
import { type Mutable, mutable } from "./mutable.ts";

/** Where the identities are that servers get in Azure, and what vouches for their pods there. */
export interface IdentityPlace {
  resourceGroupName: pulumi.Input<string>;
  location: string;
  oidcIssuerUrl: pulumi.Input<string>;
  tags: Settings["tags"];
}

/** The folders below `servers` from which they, and the guard of any, are built. */
export function imagesOfKnownServers(settings: Settings): string[] {
  const enabled = KNOWN_SERVERS.filter(({ key }) => settings[key].enabled);
  const folders = enabled.flatMap(({ key, folder }) =>
    folder !== undefined && settings[key].image === undefined ? [folder] : [],
  );
  return enabled.length > 0 ? [...folders, "guard"] : folders;
}

/** The servers that have settings of their own, as far as they are enabled. */
export function knownServers(
  settings: Settings,
  place: McpServersPlace & { identities: IdentityPlace },
): DeployedServers {
  return KNOWN_SERVERS.filter(({ key }) => settings[key].enabled).map((server) => [
    server.name,
    argumentsFrom(`mcpaas:${server.key}`, () => MAKERS[server.key](server, settings, place)),
  ]);
}

type Place = McpServersPlace & { identities: IdentityPlace };
type Maker = (server: KnownServer, settings: Settings, place: Place) => DeployedServers[number][1];

const MAKERS: Record<KnownServer["key"], Maker> = {
  openWebSearch: (server, settings, place) => {
    const { enabled, ...args } = mutable(settings.openWebSearch);
    return new OpenWebSearch(
      server.name,
      { ...args, ...common(server, args, searchLimits(args), settings, place) },
      place.options,
    );
  },
  innovationEngine: (server, settings, place) => {
    const { enabled, ...args } = mutable(settings.innovationEngine);
    return new InnovationEngine(
      server.name,
      { ...args, ...common(server, args, innovationEngineLimits(args), settings, place) },
      place.options,
    );
  },
  aksMcp: (server, settings, place) => {
    const { enabled, armEgress = [], ...args } = mutable(settings.aksMcp);
    const { tags, ...identities } = place.identities;
    const inCommon = common(server, args, aksMcpLimits(args.timeoutSeconds), settings, place);
    return new AksMcp(
      server.name,
      { ...args, armEgress, ...identities, tags: mutable(tags), ...inCommon },
      place.options,
    );
  },
};

/**
 * What all of them have from the stack.
 *
 * @param needed limits of this kind of server, before which the stack's don't come
 */
function common(
  { name, folder = "" }: KnownServer,
  own: Pick<Mutable<Settings["openWebSearch"]>, "image" | "guard" | "clients">,
  needed: McpGuardLimits,
  settings: Settings,
  { namespace, images, loginServer, kubeconfig }: McpServersPlace,
) {
  const outside = serverIngress(settings, name);
  const clients = ownClients(own.clients, settings.mcpNamespace);
  return {
    namespace,
    kubeconfig,
    image: own.image === undefined ? imageOf(images, folder) : inRegistry(own.image, loginServer),
    guard: publicGuard(
      outside,
      requiredGuardArgs(settings, images["guard"], own.guard, needed, chatCaller(settings, name)),
    ),
    clients: withGateway(outside, withChat(settings, callsServer(settings, name), clients)),
  };
}

function imageOf(images: ServerImages, folder: string): pulumi.Input<string> {
  const image = images[folder];
  if (image === undefined) throw new Error(`nobody gave the image of servers/${folder}`);
  return image;
}
