import { type Endpoint, endpoints } from "./endpoints.ts";
import { ArmError, refusal } from "./errors.ts";
import { fill } from "./faults.ts";
import { checkGroup, checkSubscription, notFound } from "./guards.ts";
import { type ArmRequest, jsonOf, pageOf, type Reply } from "./http.ts";
import type { Lifecycle, Written } from "./lifecycle.ts";
import type { Operation, Operations } from "./operations.ts";
import { parsePath, type ResourcePath, segmentsOf } from "./path.ts";
import { rowOf, types } from "./types/index.ts";
import { isObject, type TypeRow } from "./types/row.ts";
import { ids, type World } from "./world.ts";

const pageSize = 100;
const groupType = "Microsoft.Resources/resourceGroups";

/** What a request is about: for the log, the counts and the scenario's rules. */
export interface Subject {
  type: string;
  name: string;
}

/** The type and name that a path points at; endpoints outside the table by their last words. */
export function subjectOf(request: ArmRequest): Subject {
  const asked = parsePath(segmentsOf(request.path));
  const path = asked && (actionOf(asked, request.method)?.path ?? asked);
  if (!path) {
    return { type: segmentsOf(request.path).at(-1)?.toLowerCase() ?? "", name: "" };
  }
  const type = rowOf(path.type)?.type ?? path.type;
  return { type, name: path.names.at(-1) ?? "" };
}

/** Answers requests that are let through by the token check and the scenario. */
export class Router {
  readonly #world: World;
  readonly #lifecycle: Lifecycle;
  readonly #operations: Operations;

  constructor(world: World, lifecycle: Lifecycle, operations: Operations) {
    this.#world = world;
    this.#lifecycle = lifecycle;
    this.#operations = operations;
  }

  /** @param failure how an operation that this request starts will end, by the scenario */
  async answer(request: ArmRequest, failure: { code: string; message: string } | undefined): Promise<Reply> {
    const operation = /\/(operations|operationresults)\/([0-9a-f-]{36})$/i.exec(request.path);
    if (operation) {
      return this.#operation(operation[1] ?? "", operation[2] ?? "");
    }
    for (const endpoint of endpoints) {
      const match = request.method === endpoint.method ? endpoint.path.exec(request.path) : null;
      if (match) {
        return this.#endpoint(endpoint, match, request);
      }
    }
    const path = parsePath(segmentsOf(request.path));
    if (path) {
      return this.#resource(path, request, failure);
    }
    return this.#inventory(request);
  }

  async #endpoint(endpoint: Endpoint, match: RegExpExecArray, request: ArmRequest): Promise<Reply> {
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(request.path)?.[1];
    checkSubscription({ subscription } as ResourcePath);
    const version = apiVersion(request);
    if (!endpoint.apiVersions.test(version)) {
      throw invalidVersion(version, String(endpoint.apiVersions.source));
    }
    const json = jsonOf(request);
    const body = isObject(json) ? json : {};
    const result = endpoint.answer({ world: this.#world, match, query: request.query, body });
    return {
      status: 200,
      body: endpoint.page ? pageOf(result as unknown[], endpoint.page, this.#url(request)) : result,
    };
  }

  async #resource(
    asked: ResourcePath,
    request: ArmRequest,
    failure: { code: string; message: string } | undefined,
  ): Promise<Reply> {
    const { row, path, action } = resolve(asked, request.method);
    checkVersion(row, path, apiVersion(request));
    const collection = path.names.length < path.type.split("/").length - 1 && row.type !== groupType;
    if (collection || (row.type === groupType && path.names.length === 0)) {
      return this.#list(row, path, request);
    }
    const body = jsonOf(request);
    const headers = request.headers;
    const words = {
      name: path.names.at(-1),
      group: path.group,
      location: String(this.#locationOf(path, body)),
    };
    const failing = failure && { ...failure, message: fill(failure.message, words) };
    const call = { path, row, body, headers, failure: failing };
    switch (request.method) {
      case "GET":
      case "HEAD":
        return this.#get(path, request.method);
      case "PUT":
        return this.#written(this.#lifecycle.put(call), path);
      case "PATCH":
        return this.#written(this.#lifecycle.patch(call), path);
      case "DELETE":
        return this.#deleted(await this.#lifecycle.delete(call), path);
      case "POST":
        return this.#action(path, row, action, body);
      default:
        throw new ArmError(405, "MethodNotAllowed", `The method '${request.method}' is not allowed.`);
    }
  }

  #get(path: ResourcePath, method: string): Reply {
    checkSubscription(path);
    if (path.group && path.type !== groupType) {
      checkGroup(this.#world, path);
    }
    const resource = this.#world.store.get(path.id);
    if (!resource) {
      throw notFound(path);
    }
    if (method === "HEAD") {
      return { status: 204 };
    }
    return { status: 200, headers: { etag: `"${resource.etag}"` }, body: this.#lifecycle.render(resource) };
  }

  #list(row: TypeRow, path: ResourcePath, request: ArmRequest): Reply {
    checkSubscription(path);
    if (path.group && row.type !== groupType) {
      checkGroup(this.#world, path);
    }
    if (path.parent && !this.#world.store.get(path.parent)) {
      throw notFound({ ...path, id: path.parent });
    }
    const found = this.#world.store
      .ofType(row.type, path.parent ?? path.scope)
      .map((resource) => this.#lifecycle.render(resource));
    return { status: 200, body: pageOf(found, pageSize, this.#url(request)) };
  }

  async #action(path: ResourcePath, row: TypeRow, name: string | undefined, body: unknown): Promise<Reply> {
    const resource = this.#world.store.get(path.id);
    if (!resource) {
      throw notFound(path);
    }
    const run = row.actions?.[name?.toLowerCase() ?? ""];
    if (!run) {
      throw new ArmError(404, "InvalidAction", `${row.type} has no action '${name}' here.`);
    }
    const input = isObject(body) ? body : {};
    return { status: 200, body: await run({ world: this.#world, resource, body: input }) };
  }

  #written({ resource, created, operation }: Written, path: ResourcePath): Reply {
    return {
      status: created ? 201 : 200,
      headers: { etag: `"${resource.etag}"`, ...(operation ? this.#operationHeaders(operation, path) : {}) },
      body: this.#lifecycle.render(resource),
    };
  }

  #deleted(gone: Written | undefined, path: ResourcePath): Reply {
    if (!gone) {
      if (path.type.toLowerCase() === groupType.toLowerCase()) {
        throw notFound(path);
      }
      return { status: 204 };
    }
    const headers = gone.operation ? this.#operationHeaders(gone.operation, path) : {};
    return { status: gone.operation || gone.resource.state === "Deleting" ? 202 : 200, headers };
  }

  async #operation(kind: string, id: string): Promise<Reply> {
    const operation = this.#operations.get(id);
    if (!operation) {
      throw new ArmError(404, "OperationNotFound", `The operation '${id}' was not found.`);
    }
    await this.#operations.poll(operation);
    const running = operation.status === "InProgress";
    const wait = { "retry-after": "1" };
    if (kind.toLowerCase() === "operations") {
      return { status: 200, headers: running ? wait : {}, body: statusBody(operation) };
    }
    if (running) {
      const path = parsePath(segmentsOf(operation.resource));
      return { status: 202, headers: path ? this.#operationHeaders(operation, path) : wait };
    }
    if (operation.error) {
      throw refusal(400, operation.error.code, operation.error.message);
    }
    const resource = this.#world.store.get(operation.resource);
    if (resource) {
      return { status: 200, body: this.#lifecycle.render(resource) };
    }
    // A group that is gone is told with 200, everything else with 204: clients insist on it.
    return { status: operation.resource.split("/").length === 5 ? 200 : 204 };
  }

  // Groups have a Location alone, as in Azure; the status URLs carry a version of their own.
  #operationHeaders(operation: Operation, path: ResourcePath): Record<string, string> {
    const sub = `${this.#world.endpoint}/subscriptions/${ids.subscription}`;
    const at = { "retry-after": "1" };
    if (path.type.toLowerCase() === groupType.toLowerCase()) {
      return { ...at, location: `${sub}/operationresults/${operation.id}?api-version=2020-06-01` };
    }
    const base = `${sub}/providers/${path.type.split("/")[0]}/locations/global`;
    return {
      ...at,
      "azure-asyncoperation": `${base}/operations/${operation.id}?api-version=2016-03-30`,
      location: `${base}/operationresults/${operation.id}?api-version=2016-03-30`,
    };
  }

  // GET …/resources, of the subscription or a group.
  #inventory(request: ArmRequest): Reply {
    const match = /^(\/subscriptions\/[^/]+(?:\/resourcegroups\/([^/]+))?)\/resources$/i.exec(request.path);
    if (!match || request.method !== "GET") {
      throw new ArmError(404, "NotFound", `The path '${request.path}' is not known.`);
    }
    apiVersion(request);
    const scope = match[1] ?? "";
    if (match[2] && !this.#world.store.get(scope)) {
      throw notFound({ type: groupType, group: match[2] } as ResourcePath);
    }
    const rows = this.#world.store
      .under(scope)
      .filter(({ type }) => type !== groupType && type.split("/").length === 2 && rowOf(type)?.located)
      .map(({ id, name, type, body }) => ({
        id,
        name,
        type,
        location: body["location"],
        tags: body["tags"],
      }));
    return { status: 200, body: pageOf(rows, pageSize, this.#url(request)) };
  }

  #locationOf(path: ResourcePath, body: unknown): unknown {
    const own = isObject(body) ? body["location"] : undefined;
    return own ?? this.#world.store.get(path.parent)?.body["location"] ?? "";
  }

  #url(request: ArmRequest): URL {
    return new URL(`${this.#world.endpoint}${request.path}?${request.query}`);
  }
}

function statusBody(operation: Operation): unknown {
  return {
    id: operation.id,
    name: operation.id,
    status: operation.status,
    startTime: operation.start,
    ...(operation.end ? { endTime: operation.end } : {}),
    ...(operation.error ? { error: operation.error } : {}),
  };
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

function resolve(path: ResourcePath, method: string): { row: TypeRow; path: ResourcePath; action?: string } {
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

function apiVersion(request: ArmRequest): string {
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

function invalidVersion(version: string, supported: string): ArmError {
  return new ArmError(
    400,
    "InvalidApiVersionParameter",
    `The api-version '${version}' is invalid. The supported versions are '${supported}'.`,
  );
}

function checkVersion(row: TypeRow, path: ResourcePath, version: string): void {
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
