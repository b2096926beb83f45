import { poolType } from "./agentPools.ts";
import { ArmError, refusal } from "./errors.ts";
import { groupId, groupType, type ResourcePath } from "./path.ts";
import type { Resource } from "./store.ts";
import { rowOf } from "./types/index.ts";
import type { TypeRow } from "./types/row.ts";
import { ids, type World } from "./world.ts";

/** Refuses a name that the type doesn't allow, and a scope or parent that isn't there. */
export function checkScope(world: World, path: ResourcePath, row: TypeRow): void {
  checkSubscription(path);
  const name = path.names.at(-1) ?? "";
  if (!row.name.test(name)) {
    throw refusal(
      400,
      row.aks ? "InvalidParameter" : "InvalidResourceName",
      `The value '${name}' of parameter name is invalid for ${row.type}: it must match ${row.name.source}.`,
      "name",
    );
  }
  if (row.scope === "subscription") {
    return;
  }
  const group = path.group === undefined ? undefined : checkGroup(world, path);
  if (row.scope === "group" && !group) {
    throw new ArmError(404, "InvalidResourceType", `${row.type} must be in a resource group.`);
  }
  if (group?.state === "Deleting") {
    throw new ArmError(
      409,
      "ResourceGroupBeingDeleted",
      `The resource group '${group.name}' is in deprovisioning state and cannot perform this operation.`,
    );
  }
  if (path.parent && !world.store.get(path.parent)) {
    throw new ArmError(
      404,
      "ParentResourceNotFound",
      `Failed to perform 'write' on resource(s) of type '${row.type.split("/").slice(1).join("/")}', because the parent resource '${path.parent}' could not be found.`,
    );
  }
  const onResource = row.scope === "any" && path.scope.toLowerCase().includes("/providers/");
  if (onResource && !world.store.get(path.scope)) {
    throw notFound({ ...path, id: path.scope });
  }
}

/** Refuses any other subscription. */
export function checkSubscription({ subscription }: ResourcePath): void {
  if (subscription !== undefined && subscription.toLowerCase() !== ids.subscription) {
    throw new ArmError(404, "SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);
  }
}

/** The group of a path, or its 404. */
export function checkGroup(world: World, { subscription, group }: ResourcePath): Resource {
  const found = world.store.get(groupId(subscription ?? "", group ?? ""));
  if (!found) {
    throw new ArmError(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);
  }
  return found;
}

/** The 404 of a resource or group. */
export function notFound(path: ResourcePath): ArmError {
  if (path.type === groupType) {
    return new ArmError(404, "ResourceGroupNotFound", `Resource group '${path.group}' could not be found.`);
  }
  const relative = path.id.split("/providers/").at(-1);
  return new ArmError(
    404,
    "ResourceNotFound",
    `The Resource '${relative}' under resource group '${path.group ?? "<null>"}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** `If-Match` and `If-None-Match: *`. */
export function checkPreconditions(
  existing: Resource | undefined,
  headers: Record<string, string | undefined>,
  path: ResourcePath,
): void {
  const match = headers["if-match"];
  const wrong = match !== undefined && match !== "*" && unquote(match) !== existing?.etag;
  const missing = match === "*" && !existing;
  const unwanted = headers["if-none-match"] === "*" && existing;
  if (wrong || missing || unwanted) {
    throw refusal(
      412,
      "PreconditionFailed",
      `The condition of the request on '${path.id}' is not met: the resource's ETag is ${existing?.etag ?? "none"}.`,
    );
  }
}

/** Refuses a write while another operation holds the resource; with AKS, its parent or a pool of it too. */
export function checkNotPending(
  world: World,
  row: TypeRow,
  path: ResourcePath,
  existing: Resource | undefined,
): void {
  checkParentIdle(world, row, path);
  const own = busyWith(existing);
  if (!row.aks && own) {
    throw refusal(409, "OperationInProgress", `Another operation (${own}) on '${path.id}' is in progress.`);
  }
  const pool = world.store.ofType(poolType, path.id).map(busyWith).find(Boolean);
  const operation = pool ?? own;
  if (operation) {
    throw pending(
      row.type === poolType ? `Another agentpool operation (${operation})` : `Another operation ${operation}`,
    );
  }
}

/** Refuses to touch a network while another write or delete in it is under way. */
export function checkSerial(world: World, row: TypeRow, path: ResourcePath): void {
  if (!row.serial) {
    return;
  }
  const top = path.parent ?? path.id;
  const near = [world.store.get(top), ...world.store.under(top)];
  const busy = near.find((one) => one && rowOf(one.type)?.serial && busyWith(one) !== undefined);
  if (busy) {
    throw refusal(
      429,
      "AnotherOperationInProgress",
      `Another operation on this or dependent resource is in progress: ${busyWith(busy)} of '${busy.id}'.`,
    );
  }
}

/** Refuses to touch what belongs to a cluster while an operation holds the cluster itself. */
export function checkParentIdle(world: World, row: TypeRow, path: ResourcePath): void {
  const operation = row.aks ? busyWith(world.store.get(path.parent)) : undefined;
  if (operation) {
    throw pending(`Another operation ${operation}`);
  }
}

function busyWith(resource: Resource | undefined): string | undefined {
  return resource?.pending ?? (resource?.state === "Deleting" ? "Deleting" : undefined);
}

function pending(what: string): ArmError {
  return refusal(
    409,
    "OperationNotAllowed",
    `Operation is not allowed: ${what} is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details`,
  );
}

function unquote(etag: string): string {
  return etag.replace(/^W\//, "").replaceAll('"', "");
}
