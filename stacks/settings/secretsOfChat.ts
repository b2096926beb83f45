import type { z } from "zod";
import type { chat } from "./schema/chat.ts";

/** The secrets in the chat app's settings, by their keys. */
export function secretsOfChat(settings: z.output<typeof chat>): Record<string, string | undefined> {
  const { signIn, otherModels, database, redis } = settings;
  return {
    "chat.signIn.entra.clientSecret": signIn.entra?.clientSecret,
    ...Object.fromEntries(
      Object.entries(otherModels).map(([name, { apiKey }]) => [`chat.otherModels.${name}.apiKey`, apiKey]),
    ),
    // A user or a password stands before an at sign.
    "chat.database.url": withPassword(database?.url),
    "chat.redis.url": withPassword(redis?.url),
  };
}

function withPassword(url: string | undefined): string | undefined {
  return url?.includes("@") ? url : undefined;
}
