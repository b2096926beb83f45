import { createHash } from "node:crypto";

/** The part of a resource that requests and answers carry. */
export type Body = Record<string, unknown> & { properties: Properties };

/** A resource's `properties`. */
export type Properties = Record<string, unknown>;

/** Azure's states of a resource, as `properties.provisioningState` shows them. */
export type ProvisioningState = "Creating" | "Updating" | "Deleting" | "Succeeded" | "Failed";

/** One resource that exists (deleted ones are gone). */
export interface Resource {
  /** Id in the casing of the first request. */
  id: string;
  /** Canonical type. */
  type: string;
  name: string;
  body: Body;
  state: ProvisioningState;
  /** Changes with every write; what `If-Match` is compared with. */
  etag: string;
  /** ISO time of the first write. */
  created: string;
  /** Name of the operation that is under way. */
  pending?: string;
  /** What Azure keeps and never shows, by name. */
  secrets?: Record<string, string>;
}

/** All resources of the one subscription, found by id regardless of case. */
export class Store {
  readonly #resources = new Map<string, Resource>();

  /** The resource with this id. */
  get(id: string | undefined): Resource | undefined {
    return id === undefined ? undefined : this.#resources.get(id.toLowerCase());
  }

  put(resource: Resource): void {
    this.#resources.set(resource.id.toLowerCase(), resource);
  }

  /** Removes a resource with all that hangs on it: nested and extension resources, a group's content. */
  remove(id: string): Resource[] {
    const gone = [this.get(id), ...this.under(id)].filter((resource) => resource !== undefined);
    for (const resource of gone) {
      this.#resources.delete(resource.id.toLowerCase());
    }
    return gone;
  }

  /** Everything below an id, at any depth. */
  under(id: string): Resource[] {
    const prefix = `${id.toLowerCase()}/`;
    return this.all().filter((resource) => resource.id.toLowerCase().startsWith(prefix));
  }

  /** Resources of one type, optionally below an id. */
  ofType(type: string, under?: string): Resource[] {
    const wanted = type.toLowerCase();
    return (under === undefined ? this.all() : this.under(under)).filter(
      (resource) => resource.type.toLowerCase() === wanted,
    );
  }

  all(): Resource[] {
    return [...this.#resources.values()];
  }
}

/** A UUID that depends on nothing but the text: the same seed and id give the same principal. */
export function uuidFor(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
