import { isObject } from "../../azure/values.ts";
import { compareObjects, type ObjectChange, type Properties } from "../plugin/values.ts";
import type { ResourceType } from "./resources.ts";
import { inputsOf } from "./shape.ts";

/**
 * The inputs that describe what Azure has now. Azure fills in many properties by itself, so its answer can't
 * be taken for inputs. As azure-native does, the answer is compared with the one of last time, and only what
 * differs is carried over into the inputs.
 */
export function refreshedInputs(
  type: ResourceType,
  inputs: Properties,
  oldOutputs: Properties,
  newOutputs: Properties,
): Properties {
  const before = inputsOf(type, oldOutputs);
  const after = inputsOf(type, newOutputs);
  for (const name of type.subResources ?? []) {
    if (inputs[name] === undefined) {
      delete before[name];
      delete after[name];
    }
  }
  return apply(inputs, before, after, compareObjects(before, after));
}

function apply(base: Properties, before: Properties, after: Properties, change: ObjectChange): Properties {
  const result = { ...base };
  for (const name of change.deleted) {
    delete result[name];
  }
  for (const name of change.added) {
    result[name] = after[name];
  }
  for (const name of change.updated.keys()) {
    result[name] = name in base ? applyValue(base[name], before[name], after[name]) : after[name];
  }
  return result;
}

function applyValue(base: unknown, before: unknown, after: unknown): unknown {
  if (isObject(base) && isObject(before) && isObject(after)) {
    return apply(base, before, after, compareObjects(before, after));
  }
  if (Array.isArray(base) && Array.isArray(before) && Array.isArray(after)) {
    return after.map((item, index) =>
      index < base.length && index < before.length ? applyValue(base[index], before[index], item) : item,
    );
  }
  return after;
}
