import { isObject } from "../azure/values.ts";
import { Actions, type Fate } from "./actions.ts";
import { type Endpoint, endpoints } from "./endpoints.ts";
import { ArmError } from "./errors.ts";
import { fill } from "./faults.ts";
import { checkGroup, checkSubscription, notFound } from "./guards.ts";
import { type ArmRequest, jsonOf, pageOf, type Reply } from "./http.ts";
import type { Lifecycle, Written } from "./lifecycle.ts";
import { OperationReplies } from "./operationReplies.ts";
import type { Operations } from "./operations.ts";
import { groupType, parsePath, type ResourcePath, segmentsOf } from "./path.ts";
import { apiVersion, checkVersion, invalidVersion, resolve } from "./resolve.ts";
import { rowOf } from "./types/index.ts";
import type { TypeRow } from "./types/row.ts";
import type { World } from "./world.ts";

const pageSize = 100;

/** Answers requests that are let through by the token check and the scenario. */
export class Router {
  readonly #world: World;
  readonly #lifecycle: Lifecycle;
  readonly #actions: Actions;
  readonly #replies: OperationReplies;

  constructor(world: World, lifecycle: Lifecycle, operations: Operations) {
    this.#world = world;
    this.#lifecycle = lifecycle;
    this.#replies = new OperationReplies(world, lifecycle, operations);
    this.#actions = new Actions(world, operations, this.#replies);
  }

  async answer(request: ArmRequest, fate: Fate): Promise<Reply> {
    const operation = /\/(operations|operationresults)\/([0-9a-f-]{36})$/i.exec(request.path);
    if (operation) {
      return this.#replies.status(operation[1] ?? "", operation[2] ?? "");
    }
    const notification = /\/notificationStatus\/(\d+)$/i.exec(request.path);
    if (notification && request.method === "GET") {
      return this.#world.notifications.status(notification[1] ?? "", this.#url(request).href);
    }
    for (const endpoint of endpoints) {
      const match = request.method === endpoint.method ? endpoint.path.exec(request.path) : null;
      if (match) {
        return this.#endpoint(endpoint, match, request);
      }
    }
    const path = parsePath(segmentsOf(request.path));
    if (path) {
      return this.#resource(path, request, fate);
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

  async #resource(asked: ResourcePath, request: ArmRequest, fate: Fate): Promise<Reply> {
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
    const failing = fate.failure && { ...fate.failure, message: fill(fate.failure.message, words) };
    const call = { path, row, body, headers, failure: failing };
    switch (request.method) {
      case "GET":
      case "HEAD":
        return this.#get(path, request.method);
      case "PUT":
        return this.#written(await this.#lifecycle.told(this.#lifecycle.put(call)));
      case "PATCH":
        return this.#written(await this.#lifecycle.told(this.#lifecycle.patch(call)));
      case "DELETE":
        return this.#deleted(await this.#lifecycle.told(await this.#lifecycle.delete(call)), path);
      case "POST":
        return this.#actions.answer(path, row, action, body, { ...fate, failure: failing });
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

  #written({ resource, created, operation }: Written): Reply {
    return {
      status: created ? 201 : 200,
      headers: { etag: `"${resource.etag}"`, ...(operation ? this.#replies.headers(operation) : {}) },
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
    const headers = gone.operation ? this.#replies.headers(gone.operation) : {};
    return { status: gone.operation || gone.resource.state === "Deleting" ? 202 : 200, headers };
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
