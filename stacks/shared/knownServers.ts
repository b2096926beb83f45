import type * as pulumi from "@pulumi/pulumi";
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

/** The folders below `servers` from which they, and the guard of any, are built. */
export function imagesOfKnownServers(settings: Settings): string[] {
  const enabled = KNOWN_SERVERS.filter(({ key }) => settings[key].enabled);
  const folders = enabled.flatMap(({ key, folder }) =>
    folder !== undefined && settings[key].image === undefined ? [folder] : [],
  );
  return enabled.length > 0 ? [...folders, "guard"] : folders;
}

/** What makes a server of its settings. */
export type KnownServerMaker = (
  server: KnownServer,
  settings: Settings,
  place: McpServersPlace,
) => DeployedServers[number][1];

/**
 * The servers that have settings of their own, as far as they are enabled.
 *
 * @param aksMcp makes the one that lives in Azure; the settings have been checked: elsewhere it isn't enabled
 */
export function knownServers(
  settings: Settings,
  place: McpServersPlace,
  aksMcp: KnownServerMaker = nobody,
): DeployedServers {
  const makers = { ...MAKERS, aksMcp };
  return KNOWN_SERVERS.filter(({ key }) => settings[key].enabled).map((server) => [
    server.name,
    argumentsFrom(`mcpaas:${server.key}`, () => makers[server.key](server, settings, place)),
  ]);
}

const nobody: KnownServerMaker = ({ key }) => {
  throw new Error(`nothing here makes ${key}`);
};

const MAKERS = {
  openWebSearch: (server: KnownServer, settings: Settings, place: McpServersPlace) => {
    const { enabled, ...args } = mutable(settings.openWebSearch);
    return new OpenWebSearch(
      server.name,
      { ...args, ...commonArgs(server, args, searchLimits(args), settings, place) },
      place.options,
    );
  },
  innovationEngine: (server: KnownServer, settings: Settings, place: McpServersPlace) => {
    const { enabled, ...args } = mutable(settings.innovationEngine);
    return new InnovationEngine(
      server.name,
      { ...args, ...commonArgs(server, args, innovationEngineLimits(args), settings, place) },
      place.options,
    );
  },
} satisfies Partial<Record<KnownServer["key"], KnownServerMaker>>;

/**
 * What all known servers have from the stack.
 *
 * @param needed limits of this kind of server, before which the stack's don't come
 */
export function commonArgs(
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
