import { ArmError, refusal } from "./errors.ts";
import type { Reply } from "./http.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Operation, Operations } from "./operations.ts";
import { groupType, parsePath, segmentsOf } from "./path.ts";
import { ids, type World } from "./world.ts";

/** What Azure says of asynchronous operations: in the first answer, and when it is asked later. */
export class OperationReplies {
  readonly #world: World;
  readonly #lifecycle: Lifecycle;
  readonly #operations: Operations;

  constructor(world: World, lifecycle: Lifecycle, operations: Operations) {
    this.#world = world;
    this.#lifecycle = lifecycle;
    this.#operations = operations;
  }

  /** Groups and actions have a Location alone, as in Azure; the URLs carry an api-version of their own. */
  headers(operation: Operation): Record<string, string> {
    const sub = `${this.#world.endpoint}/subscriptions/${ids.subscription}`;
    const wait = { "retry-after": "1" };
    const type = typeOf(operation);
    if (type === groupType) {
      return { ...wait, location: `${sub}/operationresults/${operation.id}?api-version=2020-06-01` };
    }
    const base = `${sub}/providers/${type.split("/")[0]}/locations/global`;
    const location = `${base}/operationresults/${operation.id}?api-version=2016-03-30`;
    if (operation.verb === "Running") {
      return { ...wait, location };
    }
    return {
      ...wait,
      "azure-asyncoperation": `${base}/operations/${operation.id}?api-version=2016-03-30`,
      location,
    };
  }

  /**
   * Answers a status URL, whatever api-version it was given.
   *
   * @param kind `operations`, with the state in the body, or `operationresults`, with it in the status
   * @throws {ArmError} 404 for an unknown operation; the operation's own error from its result
   */
  async status(kind: string, id: string): Promise<Reply> {
    const operation = this.#operations.get(id);
    if (!operation) {
      throw new ArmError(404, "OperationNotFound", `The operation '${id}' was not found.`);
    }
    await this.#operations.poll(operation);
    const running = operation.status === "InProgress";
    if (kind.toLowerCase() === "operations") {
      return { status: 200, headers: running ? { "retry-after": "1" } : {}, body: statusBody(operation) };
    }
    if (running) {
      return { status: 202, headers: this.headers(operation) };
    }
    if (operation.error) {
      throw refusal(400, operation.error.code, operation.error.message);
    }
    if (operation.verb === "Running") {
      return { status: 200, body: operation.result };
    }
    const resource = this.#world.store.get(operation.resource);
    if (resource) {
      return { status: 200, body: this.#lifecycle.render(resource) };
    }
    // A group that is gone is told with 200, everything else with 204: clients insist on it.
    return { status: typeOf(operation) === groupType ? 200 : 204 };
  }
}

function typeOf(operation: Operation): string {
  return parsePath(segmentsOf(operation.resource))?.type ?? "";
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
