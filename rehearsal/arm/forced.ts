import { isObject, normalizeLocation } from "../azure/values.ts";
import { sizes } from "./catalog.ts";
import { ArmError, refusal } from "./errors.ts";
import { fill } from "./faults.ts";
import { type ArmRequest, jsonOf } from "./http.ts";
import { parsePath, segmentsOf } from "./path.ts";
import { familyQuotaError } from "./quota.ts";
import type { Effect } from "./scenarios.ts";
import type { Properties } from "./store.ts";
import { surge } from "./types/poolRules.ts";

import { ids, type World } from "./world.ts";

/** The error that a scenario has for this request, with the request's own names and figures. */
export function forcedError(
  world: World,
  request: ArmRequest,
  effect: Extract<Effect, { kind: "error" | "family-quota" }>,
): ArmError {
  const path = parsePath(segmentsOf(request.path));
  const json = request.method === "PUT" ? jsonOf(request) : {};
  const body = isObject(json) ? json : {};
  const properties = (isObject(body["properties"]) ? body["properties"] : {}) as Properties;
  const location = normalizeLocation(body["location"] ?? world.store.get(path?.parent)?.body["location"]);
  if (effect.kind === "family-quota") {
    const size = sizes.get(String(properties["vmSize"]).toLowerCase());
    const count = Number(properties["count"] ?? properties["minCount"] ?? 1);
    const required = (size?.vCPUs ?? 0) * (count + surge(properties, count));
    return familyQuotaError(required, 0, size?.family ?? "", location);
  }
  const message = fill(effect.message, {
    name: path?.names.at(-1),
    group: path?.group,
    location,
    principal: String(properties["principalId"]),
    tenant: ids.tenant,
    subscription: ids.subscription,
    client: ids.client,
    caller: ids.principal,
  });
  // Throttling and server errors come from ARM in front, with the envelope; the rest from the provider.
  return effect.status === 429 || effect.status >= 500
    ? new ArmError(effect.status, effect.code, message, { headers: effect.headers ?? {} })
    : Object.assign(refusal(effect.status, effect.code, message), { headers: effect.headers ?? {} });
}
