import type { StackValidationPolicy } from "@pulumi/policy";
import { annotated, EXEMPTION_ANNOTATION, exemptionUse, rulesNamedBy, useKey } from "../lib/exemptions.ts";
import { stackRule } from "../lib/stackRule.ts";
import { Unknown } from "../lib/unknown.ts";

/** Makes the rule that every exemption from one of `rules` is of use. */
export function exemptionsInUse(rules: readonly string[]): StackValidationPolicy {
  return stackRule<object>({
    name: "exemptions-in-use",
    displayName: "Exemptions exempt something",
    severity: "low",
    // Advisory: a stale exemption breaks nothing, and one for pods of a chart is idle while the chart's cluster
    // doesn't exist yet.
    level: "advisory",
    demands: "Each exemption names a rule of the pack and met a violation in this run.",
    why: "One that is no longer needed would hide the next violation from those who believe that it was mended.",
    fix: "Take it out, or mend its spelling.",
    config: {},
    check(resources, _config, found) {
      for (const resource of resources) {
        for (const rule of rulesNamedBy(resource.props)) {
          const annotation = EXEMPTION_ANNOTATION + rule;
          if (!rules.includes(rule)) {
            found.violation(`The annotation ${annotation} names no rule of this pack.`, resource);
            continue;
          }
          const exemption = annotated(rule, resource);
          if (exemption === undefined || exemption instanceof Unknown) continue;
          if (!exemptionUse.used.has(useKey(rule, exemption))) {
            found.violation(`The annotation ${annotation} exempts nothing.`, resource);
          }
        }
      }
      for (const [key, { rule, exemption }] of exemptionUse.configured) {
        if (exemptionUse.used.has(key)) continue;
        found.violation(
          `The exemption of ${exemption.resource} from ${rule} exempts nothing (${exemption.reason}).`,
        );
      }
    },
  });
}
