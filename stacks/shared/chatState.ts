import type * as pulumi from "@pulumi/pulumi";
import type { ChatService } from "../../components/chatApp.ts";
import type { DataDisk } from "../../components/dataDisk.ts";
import { PostgreSql, type PostgreSqlArgs } from "../../components/postgresql.ts";
import { Redis } from "../../components/redis.ts";
import { argumentsFrom } from "../../components/validation.ts";
import type { Settings } from "../settings.ts";
import { chatPods } from "./chatPartners.ts";
import { type Mutable, mutable } from "./mutable.ts";

/** The database and the Redis of the chat app: those that the settings name, or some in its own namespace. */
export function chatState(
  settings: Pick<Settings, "chat" | "stack">,
  namespace: pulumi.Output<string>,
  options: pulumi.ComponentResourceOptions,
): { database?: ChatService; redis?: ChatService } {
  const { database, redis } = mutable(settings.chat);
  const common = { namespace, clients: [{ podLabels: chatPods(settings).podLabels }] };
  return {
    database:
      database &&
      argumentsFrom("mcpaas:chat.database", () =>
        databaseOf(database, { ...common, stack: settings.stack }, options),
      ),
    redis: redis && argumentsFrom("mcpaas:chat.redis", () => redisOf(redis, common, options)),
  };
}

/**
 * A disk whose data can't be made again. In production nothing deletes it, by a wrong setting or with its
 * namespace, until somebody says so in the settings.
 */
export function keptIn<T extends DataDisk>(stack: string, disk: T): T {
  return stack === "prod" && disk.existingClaim === undefined
    ? { ...disk, deletion: disk.deletion ?? "refuse" }
    : disk;
}

type Given<K extends "database" | "redis"> = NonNullable<Mutable<Settings["chat"][K]>>;
type Common = Pick<PostgreSqlArgs, "namespace" | "clients">;

function databaseOf(
  { deploy, url, backup, ...args }: Given<"database">,
  { stack, ...common }: Common & Pick<Settings, "stack">,
  options: pulumi.ComponentResourceOptions,
): ChatService {
  if (url !== undefined) return { url };
  const { enabled = true, ...dumps } = backup ?? {};
  const made = new PostgreSql(
    "chat-database",
    {
      ...keptIn(stack, args),
      ...common,
      database: "chat",
      backup: enabled ? keptIn(stack, dumps) : "none",
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
