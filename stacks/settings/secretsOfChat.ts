import type { z } from "zod";
import type { chat } from "./schema/chat.ts";

/** Where secrets stand in the chat app's settings. */
export function secretsOfChat(settings: z.output<typeof chat>): string[] {
  const { signIn, otherModels, database, redis } = settings;
  const found: Record<string, string | undefined> = {
    "chat.signIn.entra.clientSecret": signIn.entra?.clientSecret,
    ...Object.fromEntries(
      Object.entries(otherModels).map(([name, { apiKey }]) => [`chat.otherModels.${name}.apiKey`, apiKey]),
    ),
    // A user or a password stands before an at sign.
    "chat.database.url": withPassword(database?.url),
    "chat.redis.url": withPassword(redis?.url),
  };
  return Object.keys(found).filter((key) => found[key] !== undefined);
}

function withPassword(url: string | undefined): string | undefined {
  return url?.includes("@") ? url : undefined;
}
