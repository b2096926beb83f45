import { isObject } from "../azure/values.ts";
import { ArmError } from "./errors.ts";
import { notFound } from "./guards.ts";
import type { Reply } from "./http.ts";
import type { OperationReplies } from "./operationReplies.ts";
import type { Operations } from "./operations.ts";
import type { ResourcePath } from "./path.ts";
import type { TypeRow } from "./types/row.ts";
import type { World } from "./world.ts";

/** What the scenario has in store for a request that is let through. */
export interface Fate {
  /** How an operation that it starts will end. */
  failure?: { code: string; message: string };
  /** Whether an action that may take long does. */
  later?: boolean;
}

/** Answers the POSTs on resources. */
export class Actions {
  readonly #world: World;
  readonly #operations: Operations;
  readonly #replies: OperationReplies;

  constructor(world: World, operations: Operations, replies: OperationReplies) {
    this.#world = world;
    this.#operations = operations;
    this.#replies = replies;
  }

  /** @throws {ArmError} 404 for a resource that isn't there and for an action that its type lacks */
  async answer(
    path: ResourcePath,
    row: TypeRow,
    name: string | undefined,
    body: unknown,
    fate: Fate,
  ): Promise<Reply> {
    const resource = this.#world.store.get(path.id);
    if (!resource) {
      throw notFound(path);
    }
    const key = name?.toLowerCase() ?? "";
    const call = { world: this.#world, resource, body: isObject(body) ? body : {} };
    const run = row.actions?.[key];
    if (run) {
      return { status: 200, body: await run(call) };
    }
    const accept = row.acceptedActions?.[key];
    if (accept) {
      const location = `${this.#world.endpoint}${accept(call)}`;
      return { status: 202, headers: { location, "retry-after": "1" } };
    }
    const begin = row.longActions?.[key];
    if (!begin) {
      throw new ArmError(404, "InvalidAction", `${row.type} has no action '${name}' here.`);
    }
    const finish = begin(call);
    if (!fate.failure && !fate.later) {
      return { status: 200, body: finish() };
    }
    const operation = this.#operations.start({
      resource: resource.id,
      verb: "Running",
      failure: fate.failure,
      finish: async () => finish(),
      fail: async () => {},
    });
    return { status: 202, headers: this.#replies.headers(operation) };
  }
}
