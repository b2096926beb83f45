import type { z } from "zod";
import type { backup } from "./backup.ts";
import type { Fail } from "./consistent.ts";
import type { network } from "./network.ts";

/** The settings that have to do with the network and with what is kept. */
export interface NetworkRelated {
  network: z.output<typeof network>;
  backup: z.output<typeof backup>;
  registry: { privateEndpoint: boolean };
  chat: { enabled: boolean; namespace: string; database?: { azure?: object } };
  kaito: { mode: string };
  modelNamespace: string;
}

/** What is private needs a network to be in, and backups something to back up. */
export function networkConflicts(settings: NetworkRelated, fail: Fail): void {
  const { network, backup, registry, chat } = settings;
  const inNetwork = "without network.enabled, because its private endpoint is in the stack's network";
  if (!network.enabled) {
    if (registry.privateEndpoint) fail(["registry", "privateEndpoint"], `false ${inNetwork}`);
    if (chat.database?.azure !== undefined) fail(["chat", "database", "azure"], `nothing ${inNetwork}`);
    if (backup.enabled && backup.privateEndpoint) fail(["backup", "privateEndpoint"], `false ${inNetwork}`);
  }
  if (backup.enabled && backedUpNamespaces(settings).length === 0) {
    fail(
      ["backup", "namespaces"],
      "a list of namespaces, because the stack has neither a chat app nor models",
    );
  }
}

/** The namespaces whose volumes are backed up: those that are named, else those that can have some. */
export function backedUpNamespaces(
  settings: Pick<NetworkRelated, "chat" | "kaito" | "modelNamespace"> & {
    backup: { namespaces?: readonly string[] | undefined };
  },
): string[] {
  const { backup, chat, kaito, modelNamespace } = settings;
  const own = [...(chat.enabled ? [chat.namespace] : []), ...(kaito.mode === "off" ? [] : [modelNamespace])];
  return backup.namespaces === undefined ? own : [...backup.namespaces];
}
