import { type Allowance, allowanceSchema, isAllowed } from "../lib/allowances.ts";
import { isBinding, isRole, known, rbacRules } from "../lib/rbac.ts";
import { type Findings, rule } from "../lib/rule.ts";
import { dig, isHidden } from "../lib/unknown.ts";

/**
 * Rights by which one gets others'. A subresource of all resources (`*\/exec`) is the same as of each.
 * Source: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 */
const RISKY: readonly [what: string, verbs: RegExp, resources: RegExp][] = [
  ["take on rights of others", /^(escalate|bind|impersonate)$/, /.*/],
  ["run programs in pods of others", /^(create|get|\*)$/, /^(pods|\*)\/(exec|attach)$/],
  ["speak to kubelets past all checks", /.*/, /^(nodes|\*)\/proxy$/],
  ["issue tokens of any account", /^(create|\*)$/, /^(serviceaccounts|\*)\/token$/],
];

/** Groups that everybody is in, or everybody who has any account, or one in some namespace. */
const EVERYBODY = /^system:(anonymous|unauthenticated|authenticated|serviceaccounts(:.*)?)$/;

/** Configuration of `rbac-escalation`. */
export interface RbacEscalationConfig {
  /** Roles and bindings that may, by what they are for. */
  allowed: Allowance[];
}

/** No account can make itself another's. */
export const rbacEscalation = rule<RbacEscalationConfig>({
  name: "rbac-escalation",
  displayName: "No account can become another",
  severity: "high",
  demands:
    "No role allows escalate, bind, impersonate, pods/exec, nodes/proxy or serviceaccounts/token, and no binding gives " +
    "cluster-admin, or anything to everybody.",
  why: "Each of these is the way to all rights in the cluster for whoever takes over the one program that has it.",
  fix: "Take the right out, or bind it for people and for a time, outside of the stack.",
  config: {
    allowed: {
      ...allowanceSchema("the right or the role, for example pods/exec or cluster-admin"),
      default: [],
    },
  },
  unknowns: "fail",
  applies: (type) => isRole(type) || isBinding(type),
  check({ type, name, props }, { allowed }, found) {
    const object = dig(props, "metadata", "name") ?? name;
    const may = (what: string) => isAllowed(allowed, object, what);
    if (isRole(type)) checkRules(props, may, found);
    else checkBinding(props, may, found);
  },
});

function checkRules(props: unknown, may: (what: string) => boolean, found: Findings): void {
  for (const { path, verbs, resources } of rbacRules(props, found)) {
    for (const [what, riskyVerbs, riskyResources] of RISKY) {
      const verb = verbs.find((each) => riskyVerbs.test(each));
      const resource = resources.find((each) => riskyResources.test(each));
      if (verb === undefined || resource === undefined) continue;
      const right = riskyVerbs.source === ".*" || riskyResources.source !== ".*" ? resource : verb;
      if (!may(right)) found.violation(`The role allows to ${what}: ${verb} of ${resource} (${path}).`);
    }
  }
}

function checkBinding(props: unknown, may: (what: string) => boolean, found: Findings): void {
  const role = dig(props, "roleRef", "name");
  isHidden(role, found);
  if (role === "cluster-admin" && !may(role)) {
    found.violation("The binding gives all rights in the cluster (roleRef.name is cluster-admin).");
  }
  known(dig(props, "subjects"), found).forEach((subject, i) => {
    const name = dig(subject, "name");
    if (isHidden(name, found)) return;
    if (EVERYBODY.test(String(name)) && !may(String(name))) {
      found.violation(`The binding is for everybody (subjects[${i}].name is ${name}).`);
    }
  });
}
