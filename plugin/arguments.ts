import { Output } from "@pulumi/pulumi";
import { closest } from "fastest-levenshtein";

/** What the schema says of a component. */
export interface ComponentSchema {
  inputProperties: Record<string, { plain?: boolean }>;
  requiredInputs: string[];
  properties: Record<string, unknown>;
}

/** What is wrong with an argument, as Pulumi's InputPropertyError takes it. */
export interface ArgumentProblem {
  propertyPath: string;
  reason: string;
}

/**
 * What TypeScript's compiler would have said of the arguments; another language's may not.
 *
 * @returns undefined when nothing is wrong.
 */
export function argumentProblem(
  { inputProperties, requiredInputs }: ComponentSchema,
  inputs: Readonly<Record<string, unknown>>,
): ArgumentProblem | undefined {
  const known = Object.keys(inputProperties);
  for (const [propertyPath, value] of Object.entries(inputs)) {
    const property = inputProperties[propertyPath];
    if (property === undefined) {
      return {
        propertyPath,
        reason: `there is no such argument; did you mean ${closest(propertyPath, known)}?`,
      };
    }
    if (property.plain && Output.isInstance(value)) {
      return {
        propertyPath,
        reason: "must be a value that is known when the program starts, not a resource's output or a secret",
      };
    }
  }
  const missing = requiredInputs.find((name) => inputs[name] === undefined);
  return missing === undefined ? undefined : { propertyPath: missing, reason: "is missing" };
}
