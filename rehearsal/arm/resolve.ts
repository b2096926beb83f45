import { ArmError } from "./errors.ts";
import type { ArmRequest } from "./http.ts";
import { groupType, parsePath, type ResourcePath, segmentsOf } from "./path.ts";
import { rowOf, types } from "./types/index.ts";
import type { TypeRow } from "./types/row.ts";

/** What a request is about: for the log, the counts and the scenario's rules. */
export interface Subject {
  type: string;
  name: string;
  /** Of a POST on a resource, for example `generateCredentials`. */
  action?: string;
}

/** The type and name that a path points at; endpoints outside the table by their last words. */
export function subjectOf(request: ArmRequest): Subject {
  const asked = parsePath(segmentsOf(request.path));
  const onAction = asked && actionOf(asked, request.method);
  const path = onAction?.path ?? asked;
  if (!path) {
    return { type: segmentsOf(request.path).at(-1)?.toLowerCase() ?? "", name: "" };
  }
  const type = rowOf(path.type)?.type ?? path.type;
  return { type, name: path.names.at(-1) ?? "", ...(onAction ? { action: onAction.action } : {}) };
}

// A POST's last word is an action when the path has no name for it.
function actionOf(
  path: ResourcePath,
  method: string,
): { row: TypeRow; path: ResourcePath; action: string } | undefined {
  const words = path.type.split("/");
  if (method !== "POST" || path.type === groupType || path.names.length !== words.length - 2) {
    return undefined;
  }
  const owner = parsePath(segmentsOf(path.id).slice(0, -1));
  const row = owner && rowOf(owner.type);
  return owner && row ? { row, path: owner, action: words.at(-1) ?? "" } : undefined;
}

/**
 * The row of a path; for a POST also the action, with the path of the resource that it is for.
 *
 * @throws {ArmError} 404 for a type without a row
 */
export function resolve(
  path: ResourcePath,
  method: string,
): { row: TypeRow; path: ResourcePath; action?: string } {
  const onAction = actionOf(path, method);
  if (onAction) {
    return onAction;
  }
  const words = path.type.split("/");
  const row = rowOf(path.type);
  if (!row) {
    const known = [...types.values()].some((one) =>
      one.type.toLowerCase().startsWith(`${words[0]?.toLowerCase()}/`),
    );
    throw known
      ? new ArmError(
          404,
          "InvalidResourceType",
          `The resource type '${words.slice(1).join("/")}' could not be found in the namespace '${words[0]}': the rehearsal's table has no row for it.`,
        )
      : new ArmError(
          404,
          "InvalidResourceNamespace",
          `The resource namespace '${words[0]}' is invalid: the rehearsal's table has no row for it.`,
        );
  }
  return { row, path };
}

/** The version that a request asks for. @throws {ArmError} 400 when it asks for none */
export function apiVersion(request: ArmRequest): string {
  const version = request.query.get("api-version");
  if (!version) {
    throw new ArmError(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  return version;
}

/** The refusal of a version. */
export function invalidVersion(version: string, supported: string): ArmError {
  return new ArmError(
    400,
    "InvalidApiVersionParameter",
    `The api-version '${version}' is invalid. The supported versions are '${supported}'.`,
  );
}

/** Refuses a version that the type lacks. */
export function checkVersion(row: TypeRow, path: ResourcePath, version: string): void {
  if (row.apiVersions.includes(version)) {
    return;
  }
  const supported = row.apiVersions.join(",");
  if (row.type === groupType || !/^\d{4}-\d\d-\d\d(-\w+)?$/.test(version)) {
    throw invalidVersion(version, supported);
  }
  const [namespace, ...rest] = path.type.split("/");
  throw new ArmError(
    400,
    "NoRegisteredProviderFound",
    `No registered resource provider found for API version '${version}' for type '${rest.join("/")}' in namespace '${namespace}'. The supported api-versions are '${supported}'.`,
  );
}
