import { existsSync, readFileSync } from "node:fs";
import type { PolicyPackConfig } from "@pulumi/policy";
import { isRecord } from "./unknown.ts";

/**
 * The pack's own configuration, in the form of `--policy-pack-config`, which comes on top of it; nothing where there
 * is no such file. A rule that isn't there is an error: Pulumi would pass over a misspelt one in silence.
 */
export function configuration(rules: readonly string[], file: URL): PolicyPackConfig {
  if (!existsSync(file)) return {};
  const config: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!isRecord(config)) throw new Error(`${file.pathname}: expected an object with a key for each rule`);
  const strange = Object.keys(config).filter((name) => name !== "all" && !rules.includes(name));
  if (strange.length > 0) {
    throw new Error(`${file.pathname}: no such rule: ${strange.join(", ")}. There are: ${rules.join(", ")}`);
  }
  return config as PolicyPackConfig;
}
