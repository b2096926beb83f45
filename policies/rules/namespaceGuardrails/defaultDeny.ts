import { selectsAll } from "../../lib/objects.ts";
import { dig, Unknown } from "../../lib/unknown.ts";

/** What a NetworkPolicy is about. */
export type Direction = "Ingress" | "Egress";

/**
 * Whether a NetworkPolicy denies a direction to every pod of its namespace, and allows nothing of it.
 *
 * Where no types are said, a policy is about Ingress, and about Egress if it has rules for it.
 * Source: `policyTypes` of NetworkPolicySpec in Kubernetes' API reference.
 */
export function deniesByDefault(props: unknown, direction: Direction): boolean | Unknown {
  const spec = dig(props, "spec");
  if (spec instanceof Unknown) return spec;
  const all = selectsAll(dig(spec, "podSelector"));
  if (all === false) return false;
  const types = dig(spec, "policyTypes");
  const rules = dig(spec, direction === "Ingress" ? "ingress" : "egress");
  if (Array.isArray(types) && !types.some((each) => each instanceof Unknown) && !types.includes(direction)) {
    return false;
  }
  if (Array.isArray(rules) && rules.length > 0) return false;
  if (types === undefined && direction === "Egress") return false;
  if (all instanceof Unknown) return all;
  if (types instanceof Unknown) return types;
  if (rules instanceof Unknown) return rules;
  const hidden = Array.isArray(types) ? types.find((each) => each instanceof Unknown) : undefined;
  return Array.isArray(types) && types.includes(direction) ? true : (hidden ?? types === undefined);
}
