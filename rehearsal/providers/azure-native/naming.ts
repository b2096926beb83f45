import { createHash, randomBytes } from "node:crypto";
import type { Autonaming } from "../plugin/plugin.ts";
import type { Properties } from "../plugin/values.ts";
import type { ResourceType } from "./resources.ts";

/** A name, and whether it is random: then a replacement can be made before the old resource goes. */
export interface Name {
  name: string;
  random: boolean;
}

/** Marks, in the inputs, a name that the plugin made up; azure-native keeps the same mark. */
export const createBeforeDelete = "__createBeforeDelete";

/**
 * The name of a resource whose program doesn't give one. An old name is kept; otherwise it is made as
 * azure-native does, from the last part of the URN.
 *
 * @param seed the engine's, so that a plan and its update agree
 * @returns nothing when the project switched automatic names off
 */
export function defaultName(
  type: ResourceType,
  urn: string,
  seed: Uint8Array,
  autonaming: Autonaming | undefined,
  olds: Properties,
): Name | undefined {
  const old = olds[type.nameParameter];
  if (typeof old === "string") {
    return { name: old, random: olds[createBeforeDelete] === true };
  }
  if (autonaming?.mode === "disable") {
    return undefined;
  }
  if (autonaming?.mode === "enforce" || (autonaming && type.autoName !== "uuid")) {
    return { name: autonaming.proposed, random: true };
  }
  const logical = urn.split("::").at(-1) ?? "";
  switch (type.autoName) {
    case "copy":
      return { name: logical, random: false };
    case "uuid":
      return { name: hex(seed, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"), random: true };
    default:
      return { name: `${logical}${hex(seed, 8)}`, random: true };
  }
}

function hex(seed: Uint8Array, digits: number): string {
  const bytes = seed.length > 0 ? createHash("sha256").update(seed).digest() : randomBytes(32);
  return bytes.toString("hex").slice(0, digits);
}
