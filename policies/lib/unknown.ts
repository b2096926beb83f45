import { UnknownValueError } from "@pulumi/policy";

/** Stands in a resource's properties where a value is not known before the update has run. */
export class Unknown {
  /** Where the value stands, for example `spec.template.spec.containers[0].image`. */
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

/** The path of `key` inside the value at `path`, in the notation people use for Kubernetes fields. */
export function join(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Whether `value` is an object of named properties: no array, no `Unknown`, no asset. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * Copies a resource's properties with an `Unknown` in each place that is not known yet.
 *
 * Pulumi hands rules a proxy that throws on the first such place, and then gives up on the whole rule with
 * no more than an advice, whatever the rule's level: one unknown image would hide a missing memory limit.
 */
export function reveal(value: unknown, path = ""): unknown {
  if (Array.isArray(value)) return Array.from(value.keys(), (i) => read(value, i, path));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key, path)]));
}

function read(parent: object, key: string | number, path: string): unknown {
  const at = join(path, key);
  let value: unknown;
  try {
    value = Reflect.get(parent, key);
  } catch (error) {
    if (error instanceof UnknownValueError) return new Unknown(at);
    throw error;
  }
  return reveal(value, at);
}

/**
 * The value under `keys`, or the `Unknown` that hides it, or `undefined` where nothing is set.
 *
 * A `null` counts as not set, as it does for Kubernetes.
 */
export function dig(value: unknown, ...keys: string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (!isRecord(current)) return current instanceof Unknown ? current : undefined;
    current = Object.hasOwn(current, key) ? current[key] : undefined;
  }
  return current ?? undefined;
}

/** Whether `value` is hidden; if it is, `found` is told so. */
export function isHidden(value: unknown, found: { unknown(value: Unknown): void }): value is Unknown {
  if (value instanceof Unknown) found.unknown(value);
  return value instanceof Unknown;
}
