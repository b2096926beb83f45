import { randomUUID } from "node:crypto";
import { isObject } from "../azure/values.ts";
import { acceptBody, keepImmutable } from "./accept.ts";
import {
  checkNotPending,
  checkParentIdle,
  checkPreconditions,
  checkScope,
  checkSerial,
  notFound,
} from "./guards.ts";
import { checkLocks } from "./locks.ts";
import type { Operation, Operations } from "./operations.ts";
import type { ResourcePath } from "./path.ts";
import type { Body, ProvisioningState, Resource } from "./store.ts";
import { rowOf } from "./types/index.ts";
import { type TypeRow, type Write, withDefaults } from "./types/row.ts";
import type { World } from "./world.ts";

/** A request for one resource. */
export interface ResourceRequest {
  path: ResourcePath;
  row: TypeRow;
  body: unknown;
  headers: Record<string, string | undefined>;
  /** How the operation that it starts will fail. */
  failure: { code: string; message: string } | undefined;
}

/** What became of a write. */
export interface Written {
  resource: Resource;
  created: boolean;
  /** Absent when it is done already. */
  operation: Operation | undefined;
}

/** The life of resources: the same for every type, told by the type's row. */
export class Lifecycle {
  readonly #world: World;
  readonly #operations: Operations;
  readonly #inCluster: () => Promise<void>;

  /** @param inCluster awaited before an operation ends: what happens in the cluster because of it */
  constructor(world: World, operations: Operations, inCluster: () => Promise<void>) {
    this.#world = world;
    this.#operations = operations;
    this.#inCluster = inCluster;
  }

  /** Creates or replaces. All checks and the change itself happen in one turn, so that requests can't mix. */
  put(request: ResourceRequest): Written {
    const { path, row } = request;
    const existing = this.#world.store.get(path.id);
    checkScope(this.#world, path, row);
    checkPreconditions(existing, request.headers, path);
    checkSerial(this.#world, row, path);
    checkNotPending(this.#world, row, path, existing);
    const write: Write = {
      world: this.#world,
      path,
      body: acceptBody(request, existing),
      existing,
    };
    keepImmutable(row, write.body, existing);
    row.complete?.(write);
    return this.#apply(request, write);
  }

  /** Merges into what is there (tags and properties), then goes on as a PUT. */
  patch(request: ResourceRequest): Written {
    const existing = this.#world.store.get(request.path.id);
    if (!existing) {
      throw notFound(request.path);
    }
    const base = rowOf(existing.type)?.view?.(this.#world, existing) ?? existing.body;
    if (!isObject(request.body)) {
      return this.put(request);
    }
    // Tags are replaced as a whole, everything else is merged.
    const tags = request.body["tags"] ?? base["tags"];
    return this.put({ ...request, body: { ...withDefaults(request.body, base), tags } });
  }

  /** Deletes; undefined when there is nothing to delete. */
  async delete(request: ResourceRequest): Promise<Written | undefined> {
    const { path, row } = request;
    const { store } = this.#world;
    const resource = store.get(path.id);
    if (!resource) {
      return undefined;
    }
    checkPreconditions(resource, request.headers, path);
    if (resource.state === "Deleting") {
      return { resource, created: false, operation: undefined };
    }
    checkLocks(this.#world, path);
    checkSerial(this.#world, row, path);
    checkParentIdle(this.#world, row, path);
    row.checkDelete?.(this.#world, resource);
    if (!(row.asyncDelete ?? row.async)) {
      await this.#operations.preempt(resource.id);
      store.remove(resource.id);
      return { resource, created: false, operation: undefined };
    }
    const before = resource.state;
    const all = [resource, ...store.under(resource.id)];
    // Before anything is waited for: the next delete must find that this one has begun.
    setState(all, "Deleting");
    await this.#operations.preempt(resource.id);
    const operation = this.#operations.start({
      resource: resource.id,
      verb: "Deleting",
      failure: request.failure,
      finish: async () => {
        await this.#inCluster();
        for (const gone of store.remove(resource.id)) {
          for (const id of rowOf(gone.type)?.takesAlong?.(gone) ?? []) {
            store.remove(id);
          }
        }
      },
      fail: async () => {
        setState(all, before === "Succeeded" ? before : "Failed");
        setState([resource], "Failed");
      },
    });
    return { resource, created: false, operation };
  }

  /** Has what a change that is done at once means for the cluster done, too. */
  async told<T extends Written | undefined>(change: T): Promise<T> {
    // A delete that another one has begun is that one's to tell.
    if (change && !change.operation && change.resource.state !== "Deleting") {
      await this.#inCluster();
    }
    return change;
  }

  #apply(request: ResourceRequest, write: Write): Written {
    const { path, row } = request;
    const { existing } = write;
    const { store } = this.#world;
    const state: ProvisioningState = row.async ? (existing ? "Updating" : "Creating") : "Succeeded";
    const resource: Resource = {
      id: existing?.id ?? path.id,
      type: row.type,
      name: existing?.name ?? path.names.at(-1) ?? "",
      body: write.body,
      state,
      etag: randomUUID(),
      created: existing?.created ?? new Date().toISOString(),
      ...(existing?.secrets ? { secrets: existing.secrets } : {}),
    };
    const all = [resource, ...(row.accompany?.(write, resource) ?? [])];
    for (const one of all) {
      store.put(one);
    }
    if (state === "Succeeded") {
      return { resource, created: !existing, operation: undefined };
    }
    resource.pending = state;
    const operation = this.#operations.start({
      resource: resource.id,
      verb: state === "Creating" ? "Creating" : "Updating",
      failure: request.failure,
      finish: async () => {
        await this.#inCluster();
        delete resource.pending;
        settle(all, "Succeeded");
      },
      fail: async () => {
        delete resource.pending;
        settle(all, "Failed");
      },
    });
    return { resource, created: !existing, operation };
  }

  /** A resource in the form of an answer. */
  render(resource: Resource): Body & { id: string; name: string; type: string } {
    const row = rowOf(resource.type);
    const body = row?.view?.(this.#world, resource) ?? resource.body;
    return {
      id: resource.id,
      name: resource.name,
      type: resource.type,
      ...body,
      ...(row?.etag === "top" ? { eTag: resource.etag } : {}),
      properties: {
        ...body.properties,
        ...(row?.stateful === false ? {} : { provisioningState: resource.state }),
        ...(row?.etag === "properties" ? { eTag: resource.etag } : {}),
      },
    };
  }
}

/** The end of a write; what a delete has taken over meanwhile stays with it. */
function settle(resources: readonly Resource[], state: ProvisioningState): void {
  setState(
    resources.filter((one) => one.state !== "Deleting"),
    state,
  );
}

function setState(resources: readonly Resource[], state: ProvisioningState): void {
  for (const resource of resources) {
    resource.state = state;
  }
}
