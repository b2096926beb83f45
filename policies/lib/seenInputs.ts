import type { Policies, ResourceValidation, ResourceValidationPolicy } from "@pulumi/policy";
import { isRecord, reveal, Unknown } from "./unknown.ts";

/**
 * What the program said of each resource, by URN. Pulumi shows rules on the stack what came of it only, in which a
 * preview has an unknown for every default that the cloud would fill in. Filled anew by each command, whose process
 * the pack is.
 */
export const seenInputs = new Map<string, unknown>();

/** Which policy keeps a resource's inputs, by URN: the first that is asked, again in the update after the preview. */
const keepers = new Map<string, string>();

/**
 * The same policy, which also keeps every resource's inputs for the rules on the stack. Pulumi doesn't ask a policy
 * that is disabled, so all of them must be this, though one of them does it. Rules on the stack stay as they are.
 */
export function recording<P extends Policies[number]>(policy: P): P {
  const { validateResource } = policy as ResourceValidationPolicy;
  if (validateResource === undefined) return policy;
  const record: ResourceValidation = ({ urn, props }) => {
    if (seenInputs.has(urn) && keepers.get(urn) !== policy.name) return;
    keepers.set(urn, policy.name);
    seenInputs.set(urn, reveal(props));
  };
  return { ...policy, validateResource: [record, ...[validateResource].flat()] };
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
