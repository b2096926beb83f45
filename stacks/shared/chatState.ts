import type * as pulumi from "@pulumi/pulumi";
import type { ChatService } from "../../components/chatApp.ts";
import { CLUSTER_DEFAULT_CLASS, type DataDisk } from "../../components/dataDisk.ts";
import { PostgreSql, type PostgreSqlArgs } from "../../components/postgresql.ts";
import { Redis } from "../../components/redis.ts";
import { argumentsFrom } from "../../components/validation.ts";
import type { Settings } from "../settings.ts";
import { chatPods } from "./chatPartners.ts";
import { type Mutable, mutable } from "./mutable.ts";

/**
 * The database and the Redis of the chat app: those that the settings name, or some in its own namespace.
 *
 * @param azureDatabase the server that the stack has made in Azure for it
 */
export function chatState(
  settings: Pick<Settings, "chat"> & KeptWhere,
  namespace: pulumi.Output<string>,
  options: pulumi.ComponentResourceOptions,
  azureDatabase?: ChatService,
): { database?: ChatService; redis?: ChatService } {
  const { database, redis } = mutable(settings.chat);
  const common = { namespace, clients: [{ podLabels: chatPods(settings).podLabels }] };
  return {
    database:
      azureDatabase ??
      (database &&
        argumentsFrom("mcpaas:chat.database", () => databaseOf(database, common, settings, options))),
    redis: redis && argumentsFrom("mcpaas:chat.redis", () => redisOf(redis, common, options)),
  };
}

/**
 * A disk whose data can't be made again. Where data are protected, as in production, nothing deletes it, by a wrong
 * setting or with its namespace, until somebody says so in the settings. Away from Azure it is of a class that the cluster has.
 */
export function keptIn<T extends DataDisk>({ protect, platform, local }: KeptWhere, disk: T): T {
  if (disk.existingClaim !== undefined) return disk;
  return {
    ...disk,
    ...(platform === "local" && {
      storageClass: disk.storageClass ?? local?.storageClass ?? CLUSTER_DEFAULT_CLASS,
    }),
    ...(protect && { deletion: disk.deletion ?? "refuse" }),
  };
}

/** What decides how disks are kept. */
type KeptWhere = Pick<Settings, "protect" | "platform" | "local">;

type Given<K extends "database" | "redis"> = NonNullable<Mutable<Settings["chat"][K]>>;
type Common = Pick<PostgreSqlArgs, "namespace" | "clients">;

function databaseOf(
  { deploy, url, azure: _, backup, ...args }: Given<"database">,
  common: Common,
  where: KeptWhere,
  options: pulumi.ComponentResourceOptions,
): ChatService {
  if (url !== undefined) return { url };
  const { enabled = true, ...dumps } = backup ?? {};
  const made = new PostgreSql(
    "chat-database",
    {
      ...keptIn(where, args),
      ...common,
      database: "chat",
      backup: enabled ? keptIn(where, dumps) : "none",
    },
    options,
  );
  return { url: made.url, target: made.target };
}

function redisOf(
  { deploy, url, ...args }: Given<"redis">,
  common: Common,
  options: pulumi.ComponentResourceOptions,
): ChatService {
  if (url !== undefined) return { url };
  const made = new Redis("chat-redis", { ...args, ...common }, options);
  return { url: made.url, target: made.target };
}
