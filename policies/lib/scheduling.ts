import { type Answer, all, either } from "./answer.ts";
import { dig, isRecord, Unknown } from "./unknown.ts";

/** A taint as kubectl writes it. */
export interface Taint {
  key: string;
  value: string;
  effect: string;
}

/** Reads `key=value:Effect`; throws when it is something else. */
export function parseTaint(text: string): Taint {
  const [, key, value, effect] = /^([^=:]+)=([^=:]*):(\w+)$/.exec(text) ?? [];
  if (key === undefined || value === undefined || effect === undefined) {
    throw new Error(`taint "${text}" is not of the form key=value:Effect, for example sku=gpu:NoSchedule`);
  }
  return { key, value, effect };
}

/** Whether pods with this scheduling may run on nodes with `taint`. */
export function tolerates(scheduling: unknown, taint: Taint): Answer {
  const tolerations = dig(scheduling, "tolerations");
  return any(tolerations, (toleration) => matches(toleration, taint));
}

function matches(toleration: unknown, taint: Taint): Answer {
  const operator = dig(toleration, "operator") ?? "Equal";
  if (operator instanceof Unknown) return operator;
  const exists = operator === "Exists";
  if (!exists && operator !== "Equal") return false;
  const is = (field: string, ...allowed: unknown[]): Answer => {
    const value = dig(toleration, field);
    return value instanceof Unknown ? value : allowed.includes(value);
  };
  // An absent effect means any effect; with Exists, an absent key means any key.
  const anyKey = exists ? [undefined, ""] : [];
  return all([
    is("effect", taint.effect, undefined, ""),
    is("key", taint.key, ...anyKey),
    exists || is("value", taint.value, ...(taint.value === "" ? [undefined] : [])),
  ]);
}

/**
 * Whether pods with this scheduling can only run on nodes that have one of `labels` (`key` or `key=value`):
 * by nodeSelector, or by a required node affinity in which each alternative asks for one.
 */
export function selects(scheduling: unknown, labels: string[]): Answer {
  const selector = dig(scheduling, "nodeSelector");
  const bySelector =
    selector instanceof Unknown
      ? selector
      : either(labels.map((label) => holds(dig(selector, keyOf(label)), label)));
  const terms = dig(
    scheduling,
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
  );
  return either([bySelector, everyTerm(terms, labels)]);
}

function everyTerm(terms: unknown, labels: string[]): Answer {
  if (terms instanceof Unknown) return terms;
  if (!Array.isArray(terms) || terms.length === 0) return false;
  return all(
    terms.map((term) =>
      term instanceof Unknown
        ? term
        : any(dig(term, "matchExpressions"), (e) => either(labels.map((label) => asks(e, label)))),
    ),
  );
}

function asks(expression: unknown, label: string): Answer {
  const [key, operator, values] = ["key", "operator", "values"].map((field) => dig(expression, field));
  if (key instanceof Unknown) return key;
  if (key !== keyOf(label)) return false;
  if (operator instanceof Unknown) return operator;
  if (operator === "Exists") return !label.includes("=");
  if (operator !== "In") return false;
  if (values instanceof Unknown) return values;
  return Array.isArray(values) && values.length > 0 && all(values.map((value) => holds(value, label)));
}

function holds(value: unknown, label: string): Answer {
  if (value instanceof Unknown) return value;
  if (value === undefined) return false;
  return !label.includes("=") || `${keyOf(label)}=${value}` === label;
}

function keyOf(label: string): string {
  return label.split("=", 1)[0] ?? label;
}

function any(list: unknown, test: (item: unknown) => Answer): Answer {
  if (list instanceof Unknown) return list;
  if (!Array.isArray(list)) return false;
  return either(list.map((item) => (item instanceof Unknown ? item : isRecord(item) && test(item))));
}
