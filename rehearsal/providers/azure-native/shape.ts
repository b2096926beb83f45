import { isObject } from "../../azure/values.ts";
import { type Properties, unknown } from "../plugin/values.ts";
import type { ResourceType } from "./resources.ts";
import { nestedShape } from "./sdk.ts";
import { fromArm, type Spelling, toArm } from "./spelling.ts";
import type { SdkShape, SdkType } from "./typeSyntax.ts";

/**
 * The shapes between which azure-native converts: the program's flat inputs, ARM's body with most of them
 * under `properties`, and flat outputs again.
 */

/** Inputs as ARM's request body. */
export function requestBody(type: ResourceType, inputs: Properties): Properties {
  const body: Properties = {};
  const properties: Properties = {};
  for (const [name, { type: inputType }] of type.inputs) {
    if (inputs[name] === undefined || type.pathParameters.includes(name)) {
      continue;
    }
    const outputType = type.outputs.get(name)?.type ?? inputType;
    const value = toArm(type, name, toBody(inputs[name], inputType, outputType));
    const target = type.topLevel.includes(name) ? body : properties;
    target[type.armNames?.[name] ?? name] = value;
  }
  // RoleAssignment's scope and the like are in the path only; a resource group's body has no `properties`.
  return Object.keys(properties).length > 0 ||
    type.inputs.size > type.topLevel.length + type.pathParameters.length
    ? { ...body, properties }
    : body;
}

/** ARM's response as outputs: only what the SDK declares, `properties` flattened. */
export function outputsOf(response: Properties, declared: SdkShape, spelling: Spelling = {}): Properties {
  const properties = isObject(response["properties"]) ? response["properties"] : {};
  const outputs: Properties = {};
  for (const [name, { type }] of declared) {
    // An agent pool has a `type` in both places; the resource's own wins, as in azure-native.
    const found = response[name] ?? properties[spelling.armNames?.[name] ?? name];
    if (found === undefined || found === null) {
      continue;
    }
    outputs[name] = prune(fromArm(spelling, name, found), type);
  }
  return outputs;
}

/** ARM's response as inputs, for a resource that is imported. */
export function inputsOfResponse(type: ResourceType, response: Properties): Properties {
  const properties = isObject(response["properties"]) ? response["properties"] : {};
  const flat: Properties = {};
  for (const name of type.inputs.keys()) {
    const value = type.topLevel.includes(name) ? response[name] : properties[type.armNames?.[name] ?? name];
    if (value !== undefined && value !== null) {
      flat[name] = fromArm(type, name, value);
    }
  }
  return inputsOf(type, flat);
}

/** The part of outputs that could have been inputs. */
export function inputsOf(type: ResourceType, outputs: Properties): Properties {
  const inputs: Properties = {};
  for (const [name, { type: inputType }] of type.inputs) {
    if (outputs[name] !== undefined && !type.pathParameters.includes(name)) {
      inputs[name] = toInput(outputs[name], inputType);
    }
  }
  return inputs;
}

/**
 * Outputs as far as they are known before an operation: azure-native knows those that are inputs too, and
 * nothing else (not even the name, which is an output apart from `resourceName`).
 */
export function previewOutputs(inputs: Properties, declared: SdkShape): Properties {
  return Object.fromEntries(
    [...declared].map(([name, { type }]) => [name, previewValue(inputs[name], type)]),
  );
}

function previewValue(value: unknown, type: SdkType): unknown {
  if (value === undefined || value === null) {
    return unknown;
  }
  switch (type.kind) {
    case "array":
      return Array.isArray(value) ? value.map((item) => previewValue(item, type.items)) : unknown;
    case "map":
      return isObject(value) ? mapped(value, (member) => previewValue(member, type.values)) : unknown;
    case "object":
      return isObject(value) ? previewOutputs(value, nestedShape(type.ref)) : unknown;
    case "any":
      return value;
    default:
      return typeof value === (type.kind === "enum" ? "string" : type.kind) ? value : unknown;
  }
}

/** A list of ids in the inputs that is an object keyed by id in ARM: `userAssignedIdentities`. */
function toBody(value: unknown, input: SdkType, output: SdkType): unknown {
  if (Array.isArray(value) && input.kind === "array") {
    if (output.kind === "map") {
      return Object.fromEntries(value.map((item) => [item, {}]));
    }
    const items = output.kind === "array" ? output.items : input.items;
    return value.map((item) => toBody(item, input.items, items));
  }
  if (isObject(value) && input.kind === "map") {
    return mapped(value, (item) =>
      toBody(item, input.values, output.kind === "map" ? output.values : input.values),
    );
  }
  if (isObject(value) && input.kind === "object") {
    const members = nestedShape(input.ref);
    const outputs = output.kind === "object" ? nestedShape(output.ref) : members;
    const known = Object.entries(value).filter(([name]) => members.has(name));
    return Object.fromEntries(
      known.map(([name, member]) => {
        const type = members.get(name)?.type as SdkType;
        return [name, toBody(member, type, outputs.get(name)?.type ?? type)];
      }),
    );
  }
  return value;
}

/** The value as an input: without what the SDK doesn't declare, objects keyed by id as the lists that they were. */
function toInput(value: unknown, type: SdkType): unknown {
  return isObject(value) && type.kind === "array" ? Object.keys(value) : onlyDeclared(value, type, toInput);
}

/** The value without what the SDK doesn't declare. */
function prune(value: unknown, type: SdkType): unknown {
  return onlyDeclared(value, type, prune);
}

/** Takes a value apart by its type: `convert` gets each part, and members that aren't declared are dropped. */
function onlyDeclared(
  value: unknown,
  type: SdkType,
  convert: (part: unknown, type: SdkType) => unknown,
): unknown {
  if (Array.isArray(value) && type.kind === "array") {
    return value.map((item) => convert(item, type.items));
  }
  if (isObject(value) && type.kind === "map") {
    return mapped(value, (member) => convert(member, type.values));
  }
  if (!isObject(value) || type.kind !== "object") {
    return value;
  }
  const members = [...nestedShape(type.ref)].filter(
    ([name]) => value[name] !== undefined && value[name] !== null,
  );
  return Object.fromEntries(members.map(([name, member]) => [name, convert(value[name], member.type)]));
}

function mapped(value: Properties, convert: (member: unknown) => unknown): Properties {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, convert(member)]));
}
