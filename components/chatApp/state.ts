import type { CalledService } from "../kaitoRagEngine/network.ts";
import { type Check, ensure, InputPropertyError, validatedInput, wholeNumber } from "../validation.ts";
import type { ChatAppArgs, ChatService } from "./args.ts";

/** What the pods share when there are several, its arguments checked. */
export interface SharedState {
  replicas: number;
  database?: ChatService;
  redis?: ChatService;
}

/**
 * Several pods need a database that all of them use, and Redis, by which they know who is signed in and
 * connected where. Source: the scaling guide of Open WebUI's documentation, and socket/main.py of 0.12.4.
 */
export function sharedState(args: Pick<ChatAppArgs, "replicas" | "database" | "redis">): SharedState {
  const replicas = ensure("replicas", args.replicas ?? 1, wholeNumber(1, 20));
  const missing = (["database", "redis"] as const).filter((key) => args[key] === undefined);
  if (replicas > 1 && missing.length > 0) {
    throw new InputPropertyError(
      "replicas",
      `${replicas} pods need ${missing.join(" and ")}, too: with SQLite each would have chats of its own, and ` +
        "without Redis an answer would not find the browser that waits for it at another pod. Give them, or one replica",
    );
  }
  const { database, redis } = args;
  return {
    replicas,
    database: database && {
      ...database,
      url: validatedInput("database.url", database.url, serviceOf(/^postgres(ql)?:$/, "postgresql://")),
    },
    redis: redis && {
      ...redis,
      url: validatedInput("redis.url", redis.url, serviceOf(/^rediss?:$/, "redis://")),
    },
  };
}

/** How the network lets the pods out to it. */
export function calledState({ database, redis }: SharedState): CalledService[] {
  return [
    ...(database && database.target === undefined ? [{ url: database.url, defaultPort: 5432 }] : []),
    ...(redis && redis.target === undefined ? [{ url: redis.url, defaultPort: 6379 }] : []),
  ];
}

/** No message repeats it: it holds a password. */
function serviceOf(protocol: RegExp, example: string): Check<string> {
  return (text) =>
    URL.canParse(text) && protocol.test(new URL(text).protocol) && new URL(text).hostname !== ""
      ? undefined
      : `must be a URL that begins with ${example} and names a host; special characters of a password are ` +
        "percent-encoded in it";
}
