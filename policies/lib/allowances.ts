import type { ConfigSchema } from "./facts.ts";
import { glob } from "./glob.ts";

/** What some objects may do for good, by what they are: no exemption, which expires. */
export interface Allowance {
  /** The Kubernetes object's name, or its resource's where that isn't set; `*` stands for any characters. */
  object: string;
  /** What is allowed; `*` stands for any characters. */
  value: string;
  /** Why it can't be otherwise. */
  reason: string;
}

/** The schema of a list of allowances. */
export function allowanceSchema(what: string): ConfigSchema {
  return {
    type: "array",
    items: {
      type: "object",
      properties: {
        object: { type: "string", pattern: "[^*]" },
        value: { type: "string", minLength: 1 },
        reason: { type: "string", minLength: 10 },
      },
      required: ["object", "value", "reason"],
      additionalProperties: false,
    },
    description:
      `What stays allowed for some objects: object (its name), value (${what}), and reason; * stands for any ` +
      "characters.",
  };
}

/** Whether a value is allowed for an object of this name. A name that isn't known is allowed nothing. */
export function isAllowed(allowances: readonly Allowance[], object: unknown, value: unknown): boolean {
  if (typeof object !== "string") return false;
  return allowances.some((each) => glob(each.object).test(object) && glob(each.value).test(String(value)));
}
