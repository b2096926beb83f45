import { type Answer, all, either, same } from "./answer.ts";
import { dig, isRecord, Unknown } from "./unknown.ts";

/**
 * Whether a label selector chooses what has these labels.
 *
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/; an empty selector of a
 * PodDisruptionBudget (policy/v1) or a NetworkPolicy chooses everything in its namespace.
 */
export function selectorMatches(selector: unknown, labels: unknown): Answer {
  if (selector instanceof Unknown) return selector;
  if (labels instanceof Unknown) return labels;
  const matchLabels = dig(selector, "matchLabels");
  const expressions = dig(selector, "matchExpressions");
  if (matchLabels instanceof Unknown) return matchLabels;
  if (expressions instanceof Unknown) return expressions;
  const wanted = isRecord(matchLabels) ? Object.entries(matchLabels) : [];
  return all([
    ...wanted.map(([key, value]) => same(value, dig(labels, key))),
    ...(Array.isArray(expressions) ? expressions.map((each) => holds(each, labels)) : []),
  ]);
}

function holds(expression: unknown, labels: unknown): Answer {
  const [key, operator, values] = ["key", "operator", "values"].map((field) => dig(expression, field));
  const hidden = [expression, key, operator, values].find((each) => each instanceof Unknown);
  if (hidden instanceof Unknown) return hidden;
  const value = dig(labels, String(key));
  if (operator === "Exists") return value !== undefined;
  if (operator === "DoesNotExist") return value === undefined;
  const within = either((Array.isArray(values) ? values : []).map((each) => same(each, value)));
  if (operator === "In") return within;
  return within instanceof Unknown ? within : operator === "NotIn" && !within;
}
