import { InputPropertyError } from "../validation.ts";
import type { McpGuardArgs } from "./args.ts";
import { issuerConflict } from "./issuer.ts";
import { authenticationConflict, guardArgs, retriesRule } from "./schema.ts";

/**
 * Without a guard whoever the NetworkPolicy lets in may call every tool, as often as they like, unrecorded.
 */
const WANTED =
  "it must be { image, authentication } or, to have callers neither identified nor limited, " +
  'in so many words "none": KMCP itself asks nobody who they are';

/** Says what is wrong with the arguments of a guard: the first thing. */
export function checkGuard(guard: McpGuardArgs | "none" | undefined): asserts guard is McpGuardArgs | "none" {
  if (guard === "none") return;
  if (guard === undefined) throw new InputPropertyError("guard", `is missing; ${WANTED}`);
  if (typeof guard !== "object" || guard === null) {
    throw new InputPropertyError("guard", `${JSON.stringify(guard)} is not allowed; ${WANTED}`);
  }
  const fail = (path: readonly PropertyKey[], reason: string) => {
    throw new InputPropertyError(pathOf(["guard", ...path]), reason);
  };
  const found = guardArgs.safeParse(plainParts(guard)).error?.issues[0];
  if (found) fail(found.path, found.message);
  const conflict = authenticationConflict(guard.authentication);
  if (conflict) fail(["authentication", ...(conflict.key ? [conflict.key] : [])], `must be ${conflict.rule}`);
  const { jwt } = guard.authentication;
  const way = jwt && issuerConflict(jwt);
  if (way) {
    const found =
      way.key === "egress" ? "is missing; it" : `${JSON.stringify(jwt?.[way.key])} is not allowed; it`;
    fail(["authentication", "jwt", way.key], `${found} must be ${way.rule}`);
  }
  const delays = guard.retries && retriesRule(guard.retries);
  if (delays) fail(["retries", "initialMs"], `must be ${delays}`);
  const engines = guard.search?.engines ?? [];
  for (const engine of Object.keys(guard.limits?.engines ?? {})) {
    if (engines.includes(engine)) continue;
    fail(["limits", "engines", engine], "must be left out, because it is none of search.engines");
  }
}

/** The arguments without those that may be known later, or that others check. */
function plainParts({ image, metricsClients, resources, ...guard }: McpGuardArgs): unknown {
  const { jwt, tokens } = guard.authentication ?? {};
  return {
    ...guard,
    authentication: guard.authentication && {
      ...guard.authentication,
      jwt: jwt && {
        ...jwt,
        audience: jwt.audience?.map((each) => (typeof each === "string" ? each : "later")),
      },
      tokens: tokens && mapValues(tokens, ({ token, ...caller }) => caller),
    },
  };
}

function mapValues<T, R>(values: Record<string, T>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .slice(1);
}
