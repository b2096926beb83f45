import { isObject } from "../../azure/values.ts";
import type { ModelName } from "../mappers.ts";
import type { ResourcePath } from "../path.ts";
import type { Body, Properties, Resource } from "../store.ts";
import type { PropertyRule } from "../validate.ts";
import type { World } from "../world.ts";

/** One write as a row sees it. */
export interface Write {
  world: World;
  path: ResourcePath;
  /** The request's body; after `complete`, what is stored. */
  body: Body;
  /** The resource as it is, for an update. */
  existing: Resource | undefined;
}

/** One call of an action, that is a POST below a resource. */
export interface Action {
  world: World;
  resource: Resource;
  body: Record<string, unknown>;
}

/**
 * A resource type. All that the emulation does with a type stands in its row; the code that reads
 * rows knows no type but groups.
 */
export interface TypeRow {
  /** In Azure's casing. */
  type: string;
  /** What it may hang on: the subscription, a group (nested types too), or any id. */
  scope: "subscription" | "group" | "any";
  /** The versions that clients of this project ask for; others are refused as Azure refuses unknown ones. */
  apiVersions: readonly string[];
  /** What a name must look like. */
  name: RegExp;
  /** Whether writes and deletes go on after the answer. @default false */
  async?: boolean;
  /** Whether deletes alone do. @default as `async` */
  asyncDelete?: boolean;
  /** Whether it has a location of its own. @default false */
  located?: boolean;
  /** Whether `properties.provisioningState` is shown. @default true */
  stateful?: boolean;
  /** Where the ETag is shown. @default not shown */
  etag?: "top" | "properties";
  /** AKS: errors without envelope, and one operation at a time on a resource and its parent. @default false */
  aks?: boolean;
  /**
   * Microsoft.Network: while one of them is written or deleted, the same types beside, above and below it wait. The
   * answer is 429 with the code AnotherOperationInProgress. @default false
   */
  serial?: boolean;
  /** Errors of the provider without envelope, as Microsoft.Insights has them. @default as `aks` */
  bareErrors?: boolean;
  /** The SDK model that the body is checked against. */
  model?: ModelName;
  /** Limits that the model lacks. */
  rules?: readonly PropertyRule[];
  /** Dotted paths that can't change; left out of an update, they stay as they are. */
  immutable?: readonly string[];
  /** Checks what one property alone can't show, then fills in defaults and what Azure computes. */
  complete?(write: Write): void;
  /** Makes what comes with the resource; returned resources share its operation. */
  accompany?(write: Write, resource: Resource): Resource[];
  /** Refuses a delete by throwing. */
  checkDelete?(world: World, resource: Resource): void;
  /** Ids of resources elsewhere that go with it. */
  takesAlong?(resource: Resource): string[];
  /** The body to show, when it is made of more than what is stored. */
  view?(world: World, resource: Resource): Body;
  /** POST actions by lower-cased name. */
  actions?: Record<string, (action: Action) => unknown>;
  /**
   * POST actions that Azure may take its time for, by lower-cased name: they check at once, and return what
   * is left to do. They are answered with 200 unless the scenario wants a 202.
   */
  longActions?: Record<string, (action: Action) => () => unknown>;
  /** POST actions that are always answered with 202, by lower-cased name: they return where to ask for the end. */
  acceptedActions?: Record<string, (action: Action) => string>;
}

/** Puts defaults below what is there: objects are merged, everything else is kept. */
export function withDefaults(value: Properties, defaults: Properties): Properties {
  const result: Properties = { ...value };
  for (const [key, fallback] of Object.entries(defaults)) {
    const own = result[key];
    if (own === undefined || own === null) {
      result[key] = fallback;
    } else if (isObject(own) && isObject(fallback)) {
      result[key] = withDefaults(own, fallback);
    }
  }
  return result;
}
