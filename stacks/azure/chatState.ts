import type * as pulumi from "@pulumi/pulumi";
import type { ChatService } from "../../components/chatApp.ts";
import { PostgreSql } from "../../components/postgresql.ts";
import { Redis } from "../../components/redis.ts";
import { argumentsFrom } from "../../components/validation.ts";
import type { Settings } from "../settings.ts";
import { chatPods } from "./chatPartners.ts";

/** The database and the Redis of the chat app: those that the settings name, or some in its own namespace. */
export function chatState(
  settings: Pick<Settings, "chat">,
  namespace: pulumi.Output<string>,
  options: pulumi.ComponentResourceOptions,
): { database?: ChatService; redis?: ChatService } {
  const { database, redis } = settings.chat;
  const clients = [{ podLabels: chatPods(settings).podLabels }];
  return {
    database:
      database &&
      serviceOf(database.url, () =>
        argumentsFrom(
          "mcpaas:chat.database",
          () => new PostgreSql("chat-database", { namespace, clients, database: "chat" }, options),
        ),
      ),
    redis:
      redis &&
      serviceOf(redis.url, () =>
        argumentsFrom("mcpaas:chat.redis", () => new Redis("chat-redis", { namespace, clients }, options)),
      ),
  };
}

function serviceOf(url: string | undefined, deploy: () => PostgreSql | Redis): ChatService {
  if (url !== undefined) return { url };
  const { url: own, target } = deploy();
  return { url: own, target };
}
