import { type ChargeContext, type Charges, input } from "../../../cost/charge.ts";
import type { Resource } from "../../../cost/resource.ts";
import { isRecord, Unknown } from "../../lib/unknown.ts";

/** What of a resource its price depends on and isn't known: every `Unknown` that its charges read, and its region. */
export function hiddenReads(resource: Resource, charges: Charges, context: ChargeContext): Unknown[] {
  const hidden = new Set<Unknown>();
  const watched = { ...resource, inputs: watching(resource.inputs, hidden) as Record<string, unknown> };
  charges(watched, context);
  input(watched, "location");
  return [...hidden];
}

/** The same value, in which an `Unknown` reads as not set, and is remembered. */
function watching(value: unknown, hidden: Set<Unknown>): unknown {
  if (value instanceof Unknown) {
    hidden.add(value);
    return undefined;
  }
  if (!Array.isArray(value) && !isRecord(value)) return value;
  return new Proxy(value, {
    get: (target, key, receiver) => watching(Reflect.get(target, key, receiver), hidden),
  });
}
