import { ArmError } from "./errors.ts";

/** What a Resource Manager path points at. */
export interface ResourcePath {
  /** The path as an id, with Azure's casing of the fixed words. */
  id: string;
  /** What the resource hangs on: a subscription, a group, or another resource. */
  scope: string;
  /** Provider and types, for example `Microsoft.ContainerService/managedClusters/agentPools`. */
  type: string;
  /** One name for each type segment; a collection has one name fewer. */
  names: string[];
  /** Id of the parent resource of a nested type. */
  parent: string | undefined;
  subscription: string | undefined;
  group: string | undefined;
}

/** ARM type of groups. */
export const groupType = "Microsoft.Resources/resourceGroups";

/**
 * Splits a URL path; slashes that a client doubled are collapsed (a scope may start with one).
 *
 * @throws {ArmError} 400 for a percent sign that encodes nothing
 */
export function segmentsOf(path: string): string[] {
  try {
    return path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    throw new ArmError(400, "BadRequest", `The request URI is invalid: '${path}' is not well encoded.`);
  }
}

/**
 * Reads a path of a resource or of a collection (`names` is then one shorter than the type).
 * Returns undefined when the path has neither form. Casing doesn't matter.
 */
export function parsePath(segments: readonly string[]): ResourcePath | undefined {
  const lower = segments.map((segment) => segment.toLowerCase());
  const subscription = lower[0] === "subscriptions" ? segments[1] : undefined;
  const group = subscription && lower[2] === "resourcegroups" ? segments[3] : undefined;
  const at = lower.lastIndexOf("providers");
  if (at < 0) {
    return groupPath(segments, lower, subscription, group);
  }
  const [namespace, ...rest] = segments.slice(at + 1);
  if (!namespace || rest.length === 0) {
    return undefined;
  }
  const types = rest.filter((_, index) => index % 2 === 0);
  const names = rest.filter((_, index) => index % 2 === 1);
  const scope = canonicalScope(segments.slice(0, at));
  const build = (depth: number) =>
    `${scope}/providers/${namespace}${types
      .slice(0, depth)
      .map((type, index) => `/${type}${names[index] === undefined ? "" : `/${names[index]}`}`)
      .join("")}`;
  return {
    id: build(types.length),
    scope,
    type: [namespace, ...types].join("/"),
    names,
    parent: types.length > 1 ? build(types.length - 1) : undefined,
    subscription,
    group,
  };
}

function groupPath(
  segments: readonly string[],
  lower: readonly string[],
  subscription: string | undefined,
  group: string | undefined,
): ResourcePath | undefined {
  if (!subscription || lower[2] !== "resourcegroups" || segments.length > 4) {
    return undefined;
  }
  const scope = `/subscriptions/${subscription}`;
  return {
    id: group ? groupId(subscription, group) : `${scope}/resourceGroups`,
    scope,
    type: groupType,
    names: group ? [group] : [],
    parent: undefined,
    subscription,
    group,
  };
}

/** The id of a resource group. */
export function groupId(subscription: string, group: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}`;
}

function canonicalScope(segments: readonly string[]): string {
  return segments
    .map((segment, index) =>
      index === 2 && segment.toLowerCase() === "resourcegroups" ? "/resourceGroups" : `/${segment}`,
    )
    .join("");
}
