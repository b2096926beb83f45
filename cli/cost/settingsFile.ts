import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { parseSettings, type Settings, SettingsError } from "../../stacks/settings.ts";
import { exitCodes, UserError } from "../userError.ts";

/** A stack's settings as its file has them, secrets replaced. */
export type FileSettings = Record<string, unknown>;

/** A form for secrets whose form is checked; no price depends on what they say. */
const forms: [RegExp, string][] = [
  [/^chat\.database\.url$/, "postgresql://unread:unread@database.invalid/chat"],
  [/^chat\.redis\.url$/, "rediss://unread:unread@redis.invalid:6379/0"],
  [/(url|uri|webhook)$/i, "https://unread.invalid/"],
  [/^openWebSearch\.proxyUrl$/, "http://unread:unread@proxy.invalid:3128"],
];

/**
 * The settings in Pulumi.<stack>.yaml. Secrets aren't decrypted: a text stands in their place.
 *
 * @throws {UserError} when there is no such file
 */
export async function settingsOfFile(stack: string, folder: string): Promise<FileSettings> {
  const file = `${folder}/Pulumi.${stack}.yaml`;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    throw new UserError(
      `there is no Pulumi.${stack}.yaml here; name a stack that has settings with -s, or take the resources from a file with --state or --preview`,
      exitCodes.usage,
    );
  }
  const config: Record<string, unknown> = parse(text)?.config ?? {};
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith("mcpaas:"))
      .map(([key, value]) => {
        const name = key.slice("mcpaas:".length);
        return [name, withoutSecrets(value, name)];
      }),
  );
}

/**
 * The settings with their defaults.
 *
 * @throws {UserError} with all that is wrong
 */
export function checkedSettings(input: FileSettings, stack: string): Settings {
  try {
    // Whether secrets are encrypted is the program's to check; here they have been replaced.
    return parseSettings(input, stack, () => true);
  } catch (error) {
    if (error instanceof SettingsError) throw new UserError(error.message.trim(), exitCodes.usage);
    throw error;
  }
}

function withoutSecrets(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, path));
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === "secure") {
    return forms.find(([form]) => form.test(path))?.[1] ?? "unread";
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutSecrets(item, `${path}.${key}`)]),
  );
}
