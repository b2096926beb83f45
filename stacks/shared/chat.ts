import {
  ChatApp,
  type ChatModel,
  type ChatService,
  type ChatStorage,
  type ServedModel,
  type ServedTools,
} from "../../components/chatApp.ts";
import type { NetworkEgress } from "../../components/network/egress.ts";
import { RestrictedNamespace } from "../../components/restrictedNamespace.ts";
import { argumentsFrom } from "../../components/validation.ts";
import { chatServers } from "../settings/chatServers.ts";
import type { Settings } from "../settings.ts";
import { CHAT } from "./chatPartners.ts";
import { chatState, keptIn } from "./chatState.ts";
import { ownClients } from "./clients.ts";
import type { ClusterPlace } from "./cluster.ts";
import { inRegistry } from "./images.ts";
import { chatIngress } from "./ingressPartners.ts";
import { mutable } from "./mutable.ts";

/** Who the chat app talks to, and what it stands on. */
export interface ChatPlace {
  models: ReadonlyMap<string, ServedModel>;
  ragEngines: ReadonlyMap<string, { url: ServedModel["url"]; podLabels: Record<string, string> }>;
  servers: readonly (readonly [name: string, server: ServedTools])[];
  cluster: ClusterPlace;
  /** The database that the stack has made in Azure, with what the network must open to reach it. */
  database?: { service: ChatService; egress: NetworkEgress };
  /** The stack's registry, for an image that names none. */
  loginServer: Parameters<typeof inRegistry>[1];
}

/** The chat app of the settings, if it is enabled. */
export function chatApp(settings: Settings, place: ChatPlace): ChatApp | undefined {
  const { chat } = settings;
  if (!chat.enabled) return undefined;
  const inCluster = { provider: place.cluster.provider };
  const namespace = new RestrictedNamespace(
    "chat",
    { namespace: chat.namespace },
    { ...inCluster, dependsOn: place.cluster.dependsOn },
  );
  const options = { ...inCluster, dependsOn: [namespace] };
  const state = chatState(settings, namespace.namespace, options, place.database?.service);
  const ingress = chatIngress(settings);
  const { replicas, uploads, systemPrompt, modelTimeoutSeconds, toolTimeoutSeconds, toolRounds } = chat;
  return argumentsFrom(
    "mcpaas:chat",
    () =>
      new ChatApp(
        CHAT,
        {
          namespace: namespace.namespace,
          image: chat.image && inRegistry(chat.image, place.loginServer),
          models: modelsOf(settings, place),
          tools: toolsOf(settings, place),
          ragEngines: enginesOf(settings, place),
          publicUrl: ingress?.publicUrl ?? chat.publicUrl,
          clients: [...(ownClients(chat.clients, chat.namespace) ?? []), ...(ingress?.clients ?? [])],
          signIn: mutable(chat.signIn),
          storage: storageOf(settings),
          suggestions: mutable(chat.suggestions),
          egress: egressOf(settings, place),
          resources: mutable(chat.resources),
          ...state,
          replicas,
          uploads,
          systemPrompt,
          modelTimeoutSeconds,
          toolTimeoutSeconds,
          toolRounds,
        },
        options,
      ),
  );
}

/** Nothing where nothing is kept in the pods. */
function storageOf(settings: Settings): ChatStorage | undefined {
  const { chat } = settings;
  const kept = chat.uploads || chat.database === undefined;
  return kept ? keptIn(settings, mutable(chat.storage ?? {})) : undefined;
}

/** A private endpoint has a private address, which the policy for a name of the internet doesn't open. */
function egressOf({ chat }: Settings, { database }: ChatPlace): NetworkEgress[] | undefined {
  const given = mutable(chat.egress);
  return database === undefined ? given : [...(given ?? []), database.egress];
}

function modelsOf({ chat, models }: Settings, place: ChatPlace): ChatModel[] {
  const own = (chat.models ?? Object.keys(models)).map((name) => {
    const workspace = present(place.models, name);
    // A model's adapters are asked by their own names.
    const adapters =
      models[name]?.adapters.flatMap((adapter) => adapter.name ?? adapter.tuningJob ?? []) ?? [];
    return { name, workspace, modelNames: [workspace.modelName, ...adapters] };
  });
  const others = Object.entries(chat.otherModels).map(([name, other]) => ({ name, ...mutable(other) }));
  return [...own, ...others];
}

function toolsOf(settings: Settings, { servers }: ChatPlace) {
  const all = new Map(servers);
  return chatServers(settings).map((name) => ({ name, server: present(all, name), caller: CHAT }));
}

function enginesOf({ chat }: Settings, place: ChatPlace) {
  return Object.entries(chat.ragEngines).map(([name, engine]) => ({
    name,
    engine: present(place.ragEngines, name),
    ...mutable(engine),
  }));
}

/** The settings have been checked: what they name is there. */
function present<T>(all: ReadonlyMap<string, T>, name: string): T {
  const found = all.get(name);
  if (found === undefined) throw new Error(`the chat app's settings name ${name}, which nobody made`);
  return found;
}
