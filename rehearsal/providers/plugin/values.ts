import { isObject } from "../../azure/values.ts";

/** A property bag as it crosses the plugin protocol. */
export type Properties = Record<string, unknown>;

/** How the engine writes a value that is not known before an update: in place of any type. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is unknown, or holds something unknown. */
export function hasUnknown(value: unknown): boolean {
  if (value === unknown) {
    return true;
  }
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

/** The value without members that are null or undefined: neither says anything to ARM. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(withoutNulls) as T;
  }
  if (!isObject(value)) {
    return value;
  }
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)])) as T;
}

/** What changed from one value to another. */
export type Change =
  | { kind: "object"; members: ObjectChange }
  | { kind: "array"; items: Map<number, Change>; added: number[]; deleted: number[] }
  | { kind: "value" };

/** What changed from one property bag to another. */
export interface ObjectChange {
  added: string[];
  deleted: string[];
  updated: Map<string, Change>;
}

/** Compares two property bags member by member; arrays are compared by position. */
export function compareObjects(before: Properties, after: Properties): ObjectChange {
  const updated = new Map<string, Change>();
  for (const [name, value] of Object.entries(before)) {
    const change = name in after ? compare(value, after[name]) : undefined;
    if (change) {
      updated.set(name, change);
    }
  }
  return {
    added: Object.keys(after).filter((name) => !(name in before)),
    deleted: Object.keys(before).filter((name) => !(name in after)),
    updated,
  };
}

/** Whether nothing changed. */
function isEmpty(change: ObjectChange): boolean {
  return change.added.length === 0 && change.deleted.length === 0 && change.updated.size === 0;
}

function compare(before: unknown, after: unknown): Change | undefined {
  if (isObject(before) && isObject(after)) {
    const members = compareObjects(before, after);
    return isEmpty(members) ? undefined : { kind: "object", members };
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return compareArrays(before, after);
  }
  return Object.is(before, after) ? undefined : { kind: "value" };
}

function compareArrays(before: unknown[], after: unknown[]): Change | undefined {
  const items = new Map<number, Change>();
  const shared = Math.min(before.length, after.length);
  for (let index = 0; index < shared; index++) {
    const change = compare(before[index], after[index]);
    if (change) {
      items.set(index, change);
    }
  }
  const beyond = (list: unknown[]) => list.slice(shared).map((_, index) => shared + index);
  const [added, deleted] = [beyond(after), beyond(before)];
  return items.size + added.length + deleted.length > 0
    ? { kind: "array", items, added, deleted }
    : undefined;
}
