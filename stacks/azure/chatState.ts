import type * as pulumi from "@pulumi/pulumi";
import type { ChatService } from "../../components/chatApp.ts";
import { PostgreSql, type PostgreSqlArgs } from "../../components/postgresql.ts";
import { Redis } from "../../components/redis.ts";
import { argumentsFrom } from "../../components/validation.ts";
import type { Settings } from "../settings.ts";
import { chatPods } from "./chatPartners.ts";
import { type Mutable, mutable } from "./mutable.ts";

/** The database and the Redis of the chat app: those that the settings name, or some in its own namespace. */
export function chatState(
  settings: Pick<Settings, "chat">,
  namespace: pulumi.Output<string>,
  options: pulumi.ComponentResourceOptions,
): { database?: ChatService; redis?: ChatService } {
  const { database, redis } = mutable(settings.chat);
  const common = { namespace, clients: [{ podLabels: chatPods(settings).podLabels }] };
  return {
    database: database && argumentsFrom("mcpaas:chat.database", () => databaseOf(database, common, options)),
    redis: redis && argumentsFrom("mcpaas:chat.redis", () => redisOf(redis, common, options)),
  };
}

type Given<K extends "database" | "redis"> = NonNullable<Mutable<Settings["chat"][K]>>;
type Common = Pick<PostgreSqlArgs, "namespace" | "clients">;

function databaseOf(
  { deploy, url, backup, ...args }: Given<"database">,
  common: Common,
  options: pulumi.ComponentResourceOptions,
): ChatService {
  if (url !== undefined) return { url };
  const { enabled = true, ...dumps } = backup ?? {};
  const made = new PostgreSql(
    "chat-database",
    { ...args, ...common, database: "chat", backup: enabled ? dumps : "none" },
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
