import { type Allowance, allowanceSchema, isAllowed } from "../lib/allowances.ts";
import { isRole, rbacRules } from "../lib/rbac.ts";
import { rule } from "../lib/rule.ts";
import { dig } from "../lib/unknown.ts";

/** Configuration of `rbac-wildcards`. */
export interface RbacWildcardsConfig {
  /** Roles that name no resources or verbs by what they are for. */
  allowed: Allowance[];
}

/** Roles name what they allow. */
export const rbacWildcards = rule<RbacWildcardsConfig>({
  name: "rbac-wildcards",
  displayName: "Roles name what they allow",
  severity: "high",
  demands: "No Role or ClusterRole allows every verb, every resource or every path.",
  why: "It allows what nobody thought of, Secrets and the making of Roles included, and every kind that is installed later.",
  fix: "Name the verbs and the resources that the program uses.",
  config: {
    allowed: {
      ...allowanceSchema("verbs, resources or nonResourceURLs"),
      default: [
        {
          object: "keda-operator",
          value: "resources",
          reason: "KEDA reads the scale subresource of whatever kind a ScaledObject names.",
        },
      ],
    },
  },
  unknowns: "fail",
  applies: isRole,
  check({ name, props }, { allowed }, found) {
    const object = dig(props, "metadata", "name") ?? name;
    for (const { path, ...lists } of rbacRules(props, found)) {
      for (const [key, list] of Object.entries(lists)) {
        const wild = list.find(isWild);
        if (wild === undefined || isAllowed(allowed, object, key)) continue;
        found.violation(`The role allows all ${key} (${path}.${key} has "${wild}").`);
      }
    }
  },
});

/** Controllers of any kind need these subresources of all, and they hold nothing of anybody's. */
const HARMLESS = ["*/scale", "*/status", "*/finalizers"];

/** Kubernetes reads `*\/exec` as this subresource of every resource. */
function isWild(each: string): boolean {
  return each === "*" || (each.startsWith("*/") && !HARMLESS.includes(each));
}
