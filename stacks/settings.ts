import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { platformIssues } from "./settings/platform.ts";
import { describeIssues } from "./settings/problems.ts";
import { settingsSchema } from "./settings/schema.ts";
import { clearTextsOf, type StandsInClear, secretsInClear } from "./settings/secrets.ts";
import { isText } from "./settings/table.ts";

/** The namespace of the settings in Pulumi.<stack>.yaml. */
const NAMESPACE = "mcpaas";

type Output = z.output<typeof settingsSchema>;

/** All settings of a stack, defaults filled in; frozen, so that no part of the program can change another's. */
export type Settings = DeepReadonly<
  Output & {
    /** The Azure region; empty on other platforms. */
    location: string;
    resourceGroup: string;
    stack: string;
    protect: boolean;
    images: Output["images"] & { build: boolean };
    kmcp: Output["kmcp"] & { protectCrds: boolean };
    kaito: Output["kaito"] & { protectCrds: boolean };
  }
>;

/** Settings of what stands before every MCP server. */
export type McpGuardSettings = Settings["mcpGuard"];

/** Settings of one MCP server. */
export type McpServerSettings = Settings["mcpServers"][string];

/** Settings of one fine-tuning. */
export type TuningJobSettings = Settings["tuningJobs"][string];

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** What is wrong with a stack's settings, all of it. A RunError: the engine shows the text and no stack trace. */
export class SettingsError extends pulumi.RunError {
  readonly problems: readonly string[];

  constructor(stack: string, problems: readonly string[]) {
    const count = problems.length === 1 ? "1 setting is" : `${problems.length} settings are`;
    super(`${count} wrong (Pulumi.${stack}.yaml):\n\n${problems.join("\n\n")}\n`);
    this.name = "SettingsError";
    this.problems = problems;
  }
}

/** Reads and checks the stack's settings. Call it before the first resource: a wrong setting then makes none. */
export function readSettings(): Settings {
  const config = Object.entries(pulumi.runtime.allConfig()).filter(([key]) =>
    key.startsWith(`${NAMESPACE}:`),
  );
  const input = Object.fromEntries(
    config.map(([key, text]) => {
      const name = key.slice(NAMESPACE.length + 1);
      return [name, isText(name) ? text : structure(text)];
    }),
  );
  // The engine hands the names of secret settings over in this variable; the SDK has no public way to ask.
  const secretKeys: string[] = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  const stack = pulumi.getStack();
  const isSecret = (key: string) => secretKeys.includes(`${NAMESPACE}:${key}`);
  return parseSettings(input, stack, isSecret, clearTextsOf(pulumi.runtime.getRootDirectory(), stack));
}

/** The settings in a structure such as a parsed stack file, or a SettingsError with everything that is wrong. */
export function parseSettings(
  input: unknown,
  stack: string,
  isSecret: (topLevelKey: string) => boolean = () => false,
  standsInClear: StandsInClear = () => false,
): Settings {
  const result = settingsSchema.safeParse(input);
  const misplaced = platformIssues(input);
  // What is wrong inside of something that shouldn't be there is no news.
  const inside = (path: readonly PropertyKey[]) =>
    misplaced.some((other) => other.path.every((key, i) => key === path[i]));
  const issues = [...(result.error?.issues ?? []).filter(({ path }) => !inside(path)), ...misplaced];
  if (!result.success || issues.length > 0) {
    throw new SettingsError(stack, describeIssues(issues, input, isSecret));
  }
  const problems = secretsInClear(result.data, isSecret, standsInClear);
  if (problems.length > 0) throw new SettingsError(stack, problems);
  return deepFreeze({ ...result.data, ...defaultsByStack(result.data, stack), stack });
}

/** The defaults that depend on which stack it is or what it runs on, which the schema can't know. */
function defaultsByStack(settings: Output, stack: string) {
  const { platform, location, resourceGroup, images, kmcp, kaito, protect = stack === "prod" } = settings;
  return {
    location: location ?? "",
    images: { ...images, build: images.build ?? platform === "azure" },
    resourceGroup: resourceGroup ?? `rg-mcpaas-${stack}`,
    protect,
    kmcp: { ...kmcp, protectCrds: kmcp.protectCrds ?? protect },
    kaito: { ...kaito, protectCrds: kaito.protectCrds ?? protect },
  };
}

/** Pulumi hands structures over as JSON; what isn't JSON is the text itself, and the schema judges it. */
function structure(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function deepFreeze<T>(value: T): DeepReadonly<T> {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value as DeepReadonly<T>;
}
