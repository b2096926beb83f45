import { closest, distance } from "fastest-levenshtein";
import { exitCodes, UserError } from "../userError.ts";
import { visible } from "../visible.ts";

/** A model as /v1/models lists it. */
export interface ServedModel {
  id: string;
  /** vLLM names the base model of an adapter here, and sends null for a model of its own. */
  parent?: string | null;
}

/**
 * The model to ask: the one that was named, or the only one that is served. KAITO serves an adapter beside its base
 * model, under the adapter's name.
 *
 * @throws {UserError} that lists the models when there is a choice
 */
export function chosenModel(
  place: string,
  side: string,
  served: readonly ServedModel[],
  wanted: string | undefined,
): string {
  const [only, ...others] = served;
  if (wanted === undefined && only && others.length === 0) return only.id;
  if (served.some(({ id }) => id === wanted)) return wanted as string;
  const list = served.map(({ id, parent }) => {
    return `  ${visible(id)}${parent ? ` (an adapter of ${visible(parent)})` : ""}`;
  });
  const problem =
    wanted === undefined
      ? `serves ${served.length} models; choose one with --${side}-model`
      : `doesn't serve "${wanted}" (--${side}-model)${meant(wanted, served)}; it serves`;
  throw new UserError(`${place} ${problem}:\n${list.join("\n")}`, exitCodes.usage);
}

function meant(wanted: string, served: readonly ServedModel[]): string {
  const ids = served.map(({ id }) => id);
  const near = closest(wanted, ids);
  return distance(wanted, near) <= Math.max(2, wanted.length / 4) ? `, maybe "${visible(near)}"` : "";
}
