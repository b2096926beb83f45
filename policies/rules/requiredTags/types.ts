import { readFileSync } from "node:fs";

/**
 * Azure's resource types that take tags, by module: those whose arguments have `tags` in azure-native 3.28.0. A test
 * compares the list with the SDK that is installed.
 */
const TYPES = readFileSync(new URL("types.txt", import.meta.url), "utf8");

const byModule = new Map(
  TYPES.trim()
    .split("\n")
    .map((line): [string, Set<string>] => {
      const [module = "", names = ""] = line.split(": ");
      return [module, new Set(names.split(" "))];
    }),
);

/** Whether resources of this Pulumi type take tags. */
export function takesTags(type: string): boolean {
  const [, module = "", name = ""] = /^azure-native(?:_\w+)?:(\w+)(?:\/v\w+)?:(\w+)$/.exec(type) ?? [];
  return byModule.get(module)?.has(name) ?? false;
}
