import { refusal } from "./errors.ts";
import { type Constraints, type Mapper, type ModelName, modelProperties, referenced } from "./mappers.ts";

/** A limit that a row states itself because the SDK's description doesn't have it. */
export interface PropertyRule {
  /** Dotted path below the body; `[]` stands for every element. */
  path: string;
  required?: boolean;
  oneOf?: readonly string[];
  pattern?: RegExp;
  min?: number;
  max?: number;
}

/**
 * Checks a request's body against an SDK model. Properties that the model doesn't know pass, as they
 * may be newer than it; read-only ones are not looked at, as Azure ignores them.
 *
 * @throws {ArmError} 400 `InvalidParameter`, with the path as its target
 */
export function checkModel(name: ModelName, body: unknown): void {
  checkProperties(name.schema, modelProperties(name), body, "");
}

/** @throws {ArmError} 400 `InvalidParameter` for the first rule that the body breaks */
export function checkRules(rules: readonly PropertyRule[], body: unknown): void {
  for (const rule of rules) {
    for (const { path, value } of valuesAt(body, rule.path)) {
      if (value === undefined || value === null) {
        if (rule.required) {
          throw invalid(path, "it is required");
        }
        continue;
      }
      if (rule.oneOf && !rule.oneOf.some((one) => one === value)) {
        throw invalid(path, `${show(value)} is none of ${rule.oneOf.join(", ")}`);
      }
      checkLimits(path, value, {
        ...(rule.pattern ? { Pattern: rule.pattern } : {}),
        ...(rule.min === undefined ? {} : { InclusiveMinimum: rule.min }),
        ...(rule.max === undefined ? {} : { InclusiveMaximum: rule.max }),
      });
    }
  }
}

/** All values at a dotted path; a path that leads nowhere gives one undefined value. */
export function valuesAt(body: unknown, path: string): { path: string; value: unknown }[] {
  let found: { path: string; value: unknown }[] = [{ path: "", value: body }];
  for (const step of path.split(".")) {
    const each = step.endsWith("[]");
    const name = each ? step.slice(0, -2) : step;
    found = found.flatMap(({ path: above, value }) => {
      const next = (value as Record<string, unknown> | undefined | null)?.[name];
      const here = above ? `${above}.${name}` : name;
      if (!each) {
        return [{ path: here, value: next }];
      }
      return Array.isArray(next) ? next.map((item, i) => ({ path: `${here}[${i}]`, value: item })) : [];
    });
  }
  return found;
}

function checkProperties(
  schema: ModelName["schema"],
  properties: readonly Mapper[],
  body: unknown,
  above: string,
): void {
  for (const property of properties) {
    const [found] = property.serializedName ? valuesAt(body, property.serializedName) : [];
    if (!found || property.readOnly) {
      continue;
    }
    const path = above ? `${above}.${found.path}` : found.path;
    if (found.value === undefined || found.value === null) {
      if (property.required) {
        throw invalid(path, "it is required");
      }
      continue;
    }
    checkValue(schema, property, found.value, path);
  }
}

function checkValue(schema: ModelName["schema"], mapper: Mapper, value: unknown, path: string): void {
  const expected = jsonTypes[mapper.type.name];
  const actual = Array.isArray(value) ? "array" : typeof value;
  if (expected && expected !== actual) {
    throw invalid(path, `it must be ${expected}, not ${actual}`);
  }
  if (mapper.type.name === "Enum" && !mapper.type.allowedValues?.includes(String(value))) {
    throw invalid(path, `${show(value)} is none of ${mapper.type.allowedValues?.join(", ")}`);
  }
  checkLimits(path, value, mapper.constraints ?? {});
  if (mapper.type.name === "Composite") {
    checkProperties(schema, referenced(schema, mapper), value, path);
  }
  if (mapper.type.name === "Sequence" && mapper.type.element) {
    const element = mapper.type.element;
    (value as unknown[]).forEach((item, index) => {
      checkValue(schema, element, item, `${path}[${index}]`);
    });
  }
  if (mapper.type.name === "Dictionary" && mapper.type.value) {
    for (const [key, item] of Object.entries(value as object)) {
      checkValue(schema, mapper.type.value, item, `${path}.${key}`);
    }
  }
}

const jsonTypes: Record<string, string> = {
  String: "string",
  Enum: "string",
  Number: "number",
  Boolean: "boolean",
  Sequence: "array",
  Composite: "object",
  Dictionary: "object",
};

function checkLimits(path: string, value: unknown, limits: Constraints): void {
  const { Pattern, MinLength, MaxLength, InclusiveMinimum, InclusiveMaximum, MinItems, MaxItems } = limits;
  if (typeof value === "string") {
    if (Pattern && !Pattern.test(value)) {
      throw invalid(path, `${show(value)} does not match ${Pattern.source}`);
    }
    if (!within(value.length, MinLength, MaxLength)) {
      throw invalid(path, `${show(value)} must have ${MinLength ?? 0} to ${MaxLength ?? "any"} characters`);
    }
  }
  if (Array.isArray(value) && !within(value.length, MinItems, MaxItems)) {
    throw invalid(
      path,
      `it must have ${MinItems ?? 0} to ${MaxItems ?? "any number of"} items, not ${value.length}`,
    );
  }
  if (typeof value === "number") {
    const low = InclusiveMinimum ?? Number.NEGATIVE_INFINITY;
    const high = InclusiveMaximum ?? Number.POSITIVE_INFINITY;
    if (value < low || value > high) {
      throw invalid(path, `${value} is not between ${low} and ${high}`);
    }
  }
}

function within(value: number, low = 0, high = Number.POSITIVE_INFINITY): boolean {
  return value >= low && value <= high;
}

function show(value: unknown): string {
  return JSON.stringify(value);
}

function invalid(path: string, reason: string): Error {
  return refusal(400, "InvalidParameter", `The value of parameter ${path} is invalid: ${reason}.`, path);
}
