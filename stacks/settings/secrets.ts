import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { z } from "zod";
import type { settingsSchema } from "./schema.ts";
import { secretsOfAlerts } from "./secretsOfAlerts.ts";
import { secretsOfChat } from "./secretsOfChat.ts";

/** Whether a setting stands in clear in the stack's file, by its key with dots. */
export type StandsInClear = (key: string, value: string) => boolean;

/** Settings that aren't kept as secrets, although they are some. */
export function secretsInClear(
  settings: z.output<typeof settingsSchema>,
  isSecret: (topLevelKey: string) => boolean,
  standsInClear: StandsInClear,
): string[] {
  const { huggingFaceToken, openWebSearch, ingress, chat, alerts } = settings;
  const found: Record<string, string | undefined> = {
    huggingFaceToken,
    // A user or a password stands before an at sign.
    "openWebSearch.proxyUrl": openWebSearch.proxyUrl?.includes("@") ? openWebSearch.proxyUrl : undefined,
    ...secretsOfChat(chat),
    ...secretsOfAlerts(alerts),
    "ingress.tls.privateKey": ingress.tls.privateKey,
  };
  return Object.entries(found).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const [top = "", ...below] = key.split(".");
    // The engine tells of top-level keys only: one secret below makes it say so of all.
    if (isSecret(top) && !standsInClear(key, value)) return [];
    return [inClear(key, `pulumi config set --secret ${below.length > 0 ? "--path " : ""}mcpaas:${key}`)];
  });
}

/** What must not stand in a file that everybody can read. */
const inClear = (key: string, command: string) =>
  [`mcpaas:${key}`, "  found    a text that everybody can read", `  allowed  a secret: ${command}`].join(
    "\n",
  );

/**
 * Looks into Pulumi.<stack>.yaml itself, where a secret is a structure with the key "secure" and not a text.
 * Where there is no such file (`--config-file`, settings of an environment) nothing is known to stand in clear.
 */
export function clearTextsOf(folder: string, stack: string): StandsInClear {
  const config = configOf(join(folder, `Pulumi.${stack}.yaml`));
  return (key, value) => {
    const [top, ...below] = key.split(".");
    const found = below.reduce<unknown>(
      (at, name) =>
        typeof at === "object" && at !== null ? (at as Record<string, unknown>)[name] : undefined,
      config[`mcpaas:${top}`],
    );
    return found === value;
  };
}

function configOf(file: string): Record<string, unknown> {
  try {
    return parse(readFileSync(file, "utf8"))?.config ?? {};
  } catch {
    return {};
  }
}
