import { isObject } from "../../azure/values.ts";
import type { Failure } from "../plugin/plugin.ts";
import { type Properties, unknown } from "../plugin/values.ts";
import type { ResourceType } from "./resources.ts";
import { enumValues, nestedShape } from "./sdk.ts";
import type { SdkShape, SdkType } from "./typeSyntax.ts";

/** Inputs that the plugin adds itself. */
const own = new Set(["azureApiVersion", "__createBeforeDelete"]);

/**
 * Checks inputs against the SDK's types. azure-native checks required properties and primitive types, and
 * drops what it doesn't know; here that is a failure too, because a rehearsal should say that a setting
 * will be ignored.
 */
export function validate(type: ResourceType, inputs: Properties): Failure[] {
  const named = Object.fromEntries(Object.entries(inputs).filter(([name]) => !own.has(name)));
  const failures = checkMembers("", named, type.inputs);
  const optional = [...type.pathParameters, ...(type.inputs.has("location") ? ["location"] : [])];
  for (const name of optional) {
    // The SDK lets the program leave these out because the plugin usually can fill them in.
    if (inputs[name] === undefined && !type.inputs.get(name)?.required) {
      failures.push({ property: name, reason: missing(name) });
    }
  }
  return failures;
}

function checkMembers(path: string, value: Properties, declared: SdkShape): Failure[] {
  const failures: Failure[] = [];
  for (const [name, property] of declared) {
    const at = path ? `${path}.${name}` : name;
    if (value[name] !== undefined) {
      failures.push(...check(at, value[name], property.type));
    } else if (property.required) {
      failures.push({ property: at, reason: missing(at) });
    }
  }
  for (const name of Object.keys(value).filter((key) => !declared.has(key))) {
    const at = path ? `${path}.${name}` : name;
    failures.push({ property: at, reason: `'${at}' is not a property that azure-native knows` });
  }
  return failures;
}

function check(path: string, value: unknown, type: SdkType): Failure[] {
  if (value === unknown || type.kind === "any") {
    return [];
  }
  switch (type.kind) {
    case "object":
      return isObject(value)
        ? checkMembers(path, value, nestedShape(type.ref))
        : [wrong(path, "object", value)];
    case "map":
      return isObject(value)
        ? Object.entries(value).flatMap(([key, member]) => check(`${path}.${key}`, member, type.values))
        : [wrong(path, "object", value)];
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item, index) => check(`${path}[${index}]`, item, type.items))
        : [wrong(path, "array", value)];
    case "enum":
      return checkEnum(path, value, type.ref);
    default:
      return typeof value === type.kind ? [] : [wrong(path, type.kind, value)];
  }
}

/** Enums that Azure may extend are declared as strings, so only closed ones come here. */
function checkEnum(path: string, value: unknown, ref: string): Failure[] {
  const allowed = enumValues(ref);
  return allowed.has(String(value)) || allowed.size === 0
    ? []
    : [{ property: path, reason: `'${path}' is "${value}"; allowed: ${[...allowed].join(", ")}` }];
}

function wrong(property: string, expected: string, value: unknown): Failure {
  const found = Array.isArray(value)
    ? "an array"
    : `a${/^[aeiou]/.test(typeof value) ? "n" : ""} ${typeof value}`;
  return { property, reason: `'${property}' should be of type '${expected}' but got ${found}` };
}

function missing(path: string): string {
  const hint =
    path === "location"
      ? ". Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'."
      : "";
  return `missing required property '${path}'${hint}`;
}
