import type { ResourceValidation, ResourceValidationPolicy } from "@pulumi/policy";
import { isRecord, reveal, Unknown } from "./unknown.ts";

/**
 * What the program said of each resource, by URN. Pulumi shows rules on the stack what came of it only, in which a
 * preview has an unknown for every default that the cloud would fill in. Filled anew by each command, whose process
 * the pack is.
 */
export const seenInputs = new Map<string, unknown>();

/** The same policy, which also keeps every resource's inputs for the rules on the stack. */
export function recording(policy: ResourceValidationPolicy): ResourceValidationPolicy {
  const validations = [policy.validateResource ?? []].flat();
  const record: ResourceValidation = ({ urn, props }) => {
    seenInputs.set(urn, reveal(props));
  };
  return { ...policy, validateResource: [record, ...validations] };
}

/**
 * What is known of a resource: what came of it, and where that is not known or silent, what the program said. What
 * neither knows nor says is left out, as it is in the program: a default, or what only the cloud can tell.
 */
export function settled(outputs: unknown, inputs: unknown): unknown {
  if (outputs === undefined || outputs instanceof Unknown) return inputs;
  if (Array.isArray(outputs)) {
    if (!Array.isArray(inputs) || inputs.length !== outputs.length) return outputs;
    return outputs.map((each, i) => settled(each, inputs[i]));
  }
  if (!isRecord(outputs) || !isRecord(inputs)) return outputs;
  const keys = [...new Set([...Object.keys(outputs), ...Object.keys(inputs)])];
  const members = keys.map((key) => [key, settled(outputs[key], inputs[key])]);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}
