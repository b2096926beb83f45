import { stringify } from "yaml";
import type { RuleGroup } from "../../arm/addOns.ts";

/** The rule groups that Azure holds, as a file of rules for Prometheus: those that are switched on. */
export function ruleFile(groups: readonly RuleGroup[]): string {
  return stringify({
    groups: groups
      .filter(({ enabled }) => enabled)
      .map(({ name, interval, rules }) => ({
        name,
        interval: durationOf(interval),
        rules: rules.filter((rule) => rule["enabled"] !== false).map(ruleOf),
      })),
  });
}

function ruleOf(rule: RuleGroup["rules"][number]): object {
  const { record, alert, expression: expr, for: pending, labels, annotations } = rule;
  return {
    ...(record === undefined ? { alert } : { record }),
    expr,
    ...(pending === undefined ? {} : { for: durationOf(String(pending)) }),
    ...(labels === undefined ? {} : { labels }),
    ...(record === undefined && annotations !== undefined ? { annotations } : {}),
  };
}

/**
 * A duration in Prometheus' words: PT1H30M is 1h30m.
 *
 * @throws {Error} when it is none of ISO 8601 up to days.
 */
export function durationOf(iso: string): string {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso);
  const parts = (match ?? []).slice(1).flatMap((count, index) => (count ? [`${count}${"dhms"[index]}`] : []));
  if (parts.length === 0) {
    throw new Error(`"${iso}" is no duration of ISO 8601 in days, hours, minutes and seconds`);
  }
  return parts.join("");
}
