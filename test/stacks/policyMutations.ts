import type { Policy } from "../support/networkPolicy.ts";

/** Policies of which one is wrong. */
export interface Mutation {
  what: string;
  /** Where the wrong one is, and so whose calls change. */
  namespace: string;
  policies: Policy[];
}

type Rule = NonNullable<Policy["spec"]["ingress"]>[number];

/** Each policy missing once, once with other pods, and each of its rules once for everybody and once for all ports. */
export function mutations(policies: readonly Policy[]): Mutation[] {
  return policies.flatMap((policy) => {
    const { metadata, spec } = policy;
    const instead = (what: string, ...other: Policy[]): Mutation => ({
      what: `${metadata.namespace}/${metadata.name} ${what}`,
      namespace: metadata.namespace,
      policies: [...policies.filter((each) => each !== policy), ...other],
    });
    const changed = (change: Partial<Policy["spec"]>): Policy => ({ metadata, spec: { ...spec, ...change } });
    const podSelector = { matchLabels: { ...spec.podSelector?.matchLabels, mistaken: "label" } };
    return [
      instead("is missing"),
      ...(spec.podSelector?.matchLabels ? [instead("is about other pods", changed({ podSelector }))] : []),
      ...(["ingress", "egress"] as const).flatMap((direction) =>
        (spec[direction] ?? []).flatMap((rule, i) => {
          const wider = (without: (keyof Rule)[]) => {
            const list = spec[direction] ?? [];
            const wide = Object.fromEntries(
              Object.entries(rule).filter(([key]) => !without.includes(key as keyof Rule)),
            );
            return changed({ [direction]: list.map((each, j) => (i === j ? wide : each)) });
          };
          const place = `${direction}[${i}]`;
          return [
            ...(rule.from || rule.to ? [instead(`has ${place} for everybody`, wider(["from", "to"]))] : []),
            ...(rule.ports ? [instead(`has ${place} for all ports`, wider(["ports"]))] : []),
          ];
        }),
      ),
    ];
  });
}
