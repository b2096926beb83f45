import { z } from "zod";

/** Settings that are wrong: one line for people, no stack trace needed. */
export class ConfigError extends Error {}

/** A setting that is a whole number; a wrong value is told with the range. */
export const wholeNumber = (min: number, max: number, fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: ({ input }) => `must be a whole number from ${min} to ${max}, not "${input}"`,
    })
    .transform(Number);

/** A setting that lists entries between commas; spaces around them and empty places don't count. */
export const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  );

/** The variables that every server here reads, for `readSettings`. */
export const httpSettings = {
  HOST: z.string().min(1, "must not be empty").default("0.0.0.0"),
  PORT: wholeNumber(0, 65_535, 3000),
  ALLOWED_ORIGINS: list.superRefine((origins, context) => {
    for (const origin of origins) {
      if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
      const message = `must list origins such as https://chat.example.com, not "${origin}"`;
      context.addIssue({ code: "custom", message });
    }
  }),
  ALLOWED_HOSTS: list.superRefine((hosts, context) => {
    for (const host of hosts) {
      if (/^([\w.-]+|\[[0-9a-fA-F:.]+\])$/.test(host)) continue;
      const message = `must list host names without ports such as echo.mcp.svc, not "${host}"`;
      context.addIssue({ code: "custom", message });
    }
  }),
  MCP_SESSIONS: z
    .enum(["in-memory", "stateless"], {
      error: ({ input }) => `must be in-memory or stateless, not "${input}"`,
    })
    .default("in-memory"),
  SESSION_TTL_SECONDS: wholeNumber(1, 86_400, 600),
  // More than the guard's 1000: it asks whether the server is ready in a session of its own, and opens the next
  // portable session while the one that had its place still ends.
  MAX_SESSIONS: wholeNumber(1, 100_000, 1100),
  MAX_BODY_BYTES: wholeNumber(1024, 64 * 1024 * 1024, 1024 * 1024),
  SHUTDOWN_GRACE_SECONDS: wholeNumber(0, 600, 10),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], {
      error: ({ input }) => `must be debug, info, warn, error or silent, not "${input}"`,
    })
    .default("info"),
};

/** What a server runs with. */
export interface HttpConfig {
  /** Address to listen on. @default "0.0.0.0" */
  host: string;
  /** TCP port to listen on; 0 takes any free one. @default 3000 */
  port: number;
  /** Origins whose pages may call; requests without an Origin always may. @default [] */
  allowedOrigins: string[];
  /** Host names, without ports, that requests may name; empty: any, but loopback only on loopback. @default [] */
  allowedHosts: string[];
  /**
   * "stateless": no session is opened, and each request is answered by itself, so that any of several pods can. What a
   * server says on its own has no stream to go by then. @default "in-memory"
   */
  sessions: "in-memory" | "stateless";
  /** After how many seconds without a request or an open stream a session ends. @default 600 */
  sessionTtlSeconds: number;
  /** How many sessions may be open at once; more are answered 503. @default 1000 */
  maxSessions: number;
  /** Largest request body in bytes; larger ones are answered 413. @default 1048576 */
  maxBodyBytes: number;
  /** How many seconds running calls have to finish after SIGTERM. @default 10 */
  shutdownGraceSeconds: number;
  /** Least severe lines to log. @default "info" */
  logLevel: "debug" | "info" | "warn" | "error" | "silent";
}

/**
 * Reads environment variables by a table of zod types; throws a `ConfigError` that names every wrong one in one
 * line. Variables that the table does not know are left alone: an environment always holds more.
 */
export function readSettings<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: Record<string, string | undefined>,
): z.output<z.ZodObject<Shape>> {
  const result = z.object(shape).safeParse(env);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((i) => `${i.path.join(".")} ${i.message}`).join("; "));
}

/** Reads the settings of a server that has no others; throws a `ConfigError`. */
export function readHttpConfig(env: Record<string, string | undefined>): HttpConfig {
  return httpConfig(readSettings(httpSettings, env));
}

/** What the variables of `httpSettings` say. */
export function httpConfig(settings: z.output<z.ZodObject<typeof httpSettings>>): HttpConfig {
  return {
    host: settings.HOST,
    port: settings.PORT,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    allowedHosts: settings.ALLOWED_HOSTS,
    sessions: settings.MCP_SESSIONS,
    sessionTtlSeconds: settings.SESSION_TTL_SECONDS,
    maxSessions: settings.MAX_SESSIONS,
    maxBodyBytes: settings.MAX_BODY_BYTES,
    shutdownGraceSeconds: settings.SHUTDOWN_GRACE_SECONDS,
    logLevel: settings.LOG_LEVEL,
  };
}
