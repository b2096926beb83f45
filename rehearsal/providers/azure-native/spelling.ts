import { isObject } from "../../azure/values.ts";
import type { Properties } from "../plugin/values.ts";
import type { ResourceRow } from "./table.ts";

/** What azure-native calls otherwise than ARM, or has in another place. */
export type Spelling = Pick<ResourceRow, "kebab" | "armNames" | "flattened" | "memberNames">;

/** The value of an input in ARM's spelling. */
export function toArm(spelling: Spelling, name: string, value: unknown): unknown {
  const named = withNames(value, spelling.memberNames?.[name]);
  return spelling.kebab?.includes(name) && isObject(named)
    ? renamed(named, toKebab)
    : nested(named, spelling.flattened?.[name]);
}

/** ARM's value of an input or output in azure-native's spelling. */
export function fromArm(spelling: Spelling, name: string, value: unknown): unknown {
  const flattened = spelling.flattened?.[name] ? flat(value) : value;
  const camel =
    spelling.kebab?.includes(name) && isObject(flattened) ? renamed(flattened, toCamel) : flattened;
  return withNames(camel, reversed(spelling.memberNames?.[name]));
}

/** A value whose members have other names, at any depth. */
function withNames(value: unknown, names: Readonly<Record<string, string>> | undefined): unknown {
  if (!names) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => withNames(item, names));
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, member]) => [names[name] ?? name, withNames(member, names)]),
      )
    : value;
}

function reversed(names: Readonly<Record<string, string>> | undefined): Record<string, string> | undefined {
  return names && Object.fromEntries(Object.entries(names).map(([name, arm]) => [arm, name]));
}

/** Members of a list with all that ARM doesn't have at their top under a `properties` of their own. */
function nested(value: unknown, top: readonly string[] | undefined): unknown {
  if (!top || !Array.isArray(value)) {
    return value;
  }
  return value.map((item: Properties) => {
    const members = Object.entries(item);
    return {
      ...Object.fromEntries(members.filter(([name]) => top.includes(name))),
      properties: Object.fromEntries(members.filter(([name]) => !top.includes(name))),
    };
  });
}

/** The reverse of `nested`. */
function flat(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map((item: Properties) =>
        isObject(item["properties"]) ? { ...item["properties"], ...item, properties: undefined } : item,
      )
    : value;
}

function renamed(value: Properties, rename: (name: string) => string): Properties {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), member]));
}

function toKebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function toCamel(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
