import { isObject, normalizeLocation } from "../azure/values.ts";
import { regions } from "./catalog.ts";
import { ArmError, propertyChange } from "./errors.ts";
import type { ResourceRequest } from "./lifecycle.ts";
import { groupType, type ResourcePath } from "./path.ts";
import type { Body, Resource } from "./store.ts";
import type { TypeRow } from "./types/row.ts";
import { checkModel, checkRules, valuesAt } from "./validate.ts";

const computedAtTop = new Set(["id", "name", "type", "etag", "eTag", "systemData", "managedBy"]);

/**
 * Checks a request's body and gives it the form that is stored: what Azure computes is taken out,
 * the location in its short form.
 *
 * @throws {ArmError} 400 or 409, as Azure would say it
 */
export function acceptBody({ path, row, body }: ResourceRequest, existing: Resource | undefined): Body {
  if (!isObject(body)) {
    throw new ArmError(
      400,
      "InvalidRequestContent",
      "The request content was invalid: it must be a JSON object.",
    );
  }
  const kept = Object.entries(body).filter(([key, value]) => !computedAtTop.has(key) && value !== null);
  const accepted: Body = {
    ...Object.fromEntries(kept),
    properties: isObject(body["properties"]) ? { ...body["properties"] } : {},
  };
  delete accepted.properties["provisioningState"];
  if (row.located) {
    accepted["location"] = acceptLocation(path, body["location"], existing);
  }
  if (row.model) {
    checkModel(row.model, accepted);
  }
  checkRules(row.rules ?? [], accepted);
  return accepted;
}

function acceptLocation(path: ResourcePath, asked: unknown, existing: Resource | undefined): string {
  if (typeof asked !== "string") {
    throw new ArmError(400, "LocationRequired", "The location property is required for this definition.");
  }
  const location = normalizeLocation(asked);
  const isGroup = path.type === groupType;
  const name = path.names.at(-1);
  const was = existing?.body["location"];
  if (was !== undefined && was !== location) {
    throw isGroup
      ? new ArmError(
          409,
          "InvalidResourceGroupLocation",
          `Invalid resource group location '${location}'. The Resource group already exists in location '${was}'.`,
        )
      : new ArmError(
          409,
          "InvalidResourceLocation",
          `The resource '${name}' already exists in location '${was}' in resource group '${path.group}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
        );
  }
  if (!regions[location]) {
    const known = Object.keys(regions).join(",");
    throw isGroup
      ? new ArmError(
          400,
          "LocationNotAvailableForResourceGroup",
          `The provided location '${asked}' is not available for resource group. List of available regions is '${known}'.`,
        )
      : new ArmError(
          400,
          "LocationNotAvailableForResourceType",
          `The provided location '${asked}' is not available for resource type '${path.type}'. List of available regions for the resource type is '${known}'.`,
        );
  }
  return location;
}

/** Keeps what can't change: left out, it stays; changed or set later, it is refused. An empty list is nothing. */
export function keepImmutable(row: TypeRow, body: Body, existing: Resource | undefined): void {
  if (!existing) {
    return;
  }
  for (const path of row.immutable ?? []) {
    const was = valuesAt(existing.body, path)[0]?.value;
    const asked = valuesAt(body, path)[0]?.value;
    if (asked === undefined || asked === null) {
      setAt(body, path.split("."), was);
    } else if (!sameValue(asked, was ?? [])) {
      throw propertyChange(path);
    }
  }
}

function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(one).toLowerCase() === JSON.stringify(other).toLowerCase();
}

function setAt(target: Record<string, unknown>, [name = "", ...rest]: string[], value: unknown): void {
  if (value === undefined) {
    return;
  }
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const next = isObject(target[name]) ? { ...(target[name] as Record<string, unknown>) } : {};
  target[name] = next;
  setAt(next, rest, value);
}
