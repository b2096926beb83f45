import { isObject, normalizeLocation } from "../../azure/values.ts";
import type { DiffKind } from "../plugin/plugin.ts";
import { type Change, compareObjects, type ObjectChange, type Properties } from "../plugin/values.ts";
import type { ResourceType } from "./resources.ts";

/**
 * What an update of a resource would change, by property path. As in azure-native, inputs are compared with
 * inputs, so what Azure filled in by itself is no difference.
 *
 * @param oldOutputs decides one case: setting explicitly what Azure had chosen replaces nothing
 */
export function detailedDiff(
  type: ResourceType,
  oldInputs: Properties,
  newInputs: Properties,
  oldOutputs: Properties,
): Map<string, DiffKind> {
  const replacing = new Set([...type.pathParameters, ...type.replaceOn]);
  const found = new Map<string, DiffKind>();
  const change = compareObjects(oldInputs, newInputs);
  if (normalizeLocation(oldInputs["location"]) === normalizeLocation(newInputs["location"])) {
    change.updated.delete("location");
  }
  walkObject(change, "", "", false, replacing, found);
  for (const [path, kind] of found) {
    if (kind === "ADD_REPLACE" && sameAsBefore(path, newInputs, oldOutputs)) {
      found.set(path, "ADD");
    }
  }
  return found;
}

function walkObject(
  change: ObjectChange,
  path: string,
  key: string,
  parentReplaces: boolean,
  replacing: ReadonlySet<string>,
  found: Map<string, DiffKind>,
): void {
  const suffix = (name: string) =>
    parentReplaces || replacing.has(key ? `${key}.${name}` : name) ? ("_REPLACE" as const) : ("" as const);
  for (const name of change.added) {
    found.set(join(path, name), `ADD${suffix(name)}`);
  }
  for (const name of change.deleted) {
    found.set(join(path, name), `DELETE${suffix(name)}`);
  }
  for (const [name, member] of change.updated) {
    const memberKey = key ? `${key}.${name}` : name;
    walk(member, join(path, name), memberKey, suffix(name) !== "", replacing, found);
  }
}

function walk(
  change: Change,
  path: string,
  key: string,
  replaces: boolean,
  replacing: ReadonlySet<string>,
  found: Map<string, DiffKind>,
): void {
  if (change.kind === "object") {
    walkObject(change.members, path, key, replaces, replacing, found);
    return;
  }
  if (change.kind === "value") {
    found.set(path, replaces ? "UPDATE_REPLACE" : "UPDATE");
    return;
  }
  for (const [index, item] of change.items) {
    walk(item, `${path}[${index}]`, `${key}[]`, replaces, replacing, found);
  }
  for (const index of change.added) {
    found.set(`${path}[${index}]`, replaces ? "ADD_REPLACE" : "ADD");
  }
  for (const index of change.deleted) {
    found.set(`${path}[${index}]`, replaces ? "DELETE_REPLACE" : "DELETE");
  }
}

/** The engine reads the paths: names that are no identifiers are quoted. */
function join(path: string, name: string): string {
  if (!/^\w+$/.test(name)) {
    return `${path}["${name}"]`;
  }
  return path ? `${path}.${name}` : name;
}

function sameAsBefore(path: string, inputs: Properties, outputs: Properties): boolean {
  const at = (root: unknown) =>
    path.split(".").reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), root);
  return at(inputs) !== undefined && JSON.stringify(at(inputs)) === JSON.stringify(at(outputs));
}
