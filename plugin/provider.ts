import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider/index.js";
import * as components from "../components/index.ts";
import { argumentProblem, type ComponentSchema } from "./arguments.ts";

/** The part of the package's schema.json that is needed here. */
interface PackageSchema {
  name: string;
  version: string;
  resources: Record<string, ComponentSchema>;
}

type ComponentClass = new (
  name: string,
  args: pulumi.Inputs,
  opts: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

/** The schema that was inferred from the components when the package was made. */
const inferred = join(import.meta.dirname, "schema.json");

/**
 * Makes the components for programs in other languages. The SDK's own host would infer the schema each time that it
 * starts, with the TypeScript sources and a compiler; this one has it ready.
 *
 * @param text the schema. @default - the package's own
 */
export function componentsProvider(text: string = readFileSync(inferred, "utf8")): Provider {
  const schema: PackageSchema = JSON.parse(text);
  return {
    version: schema.version,
    schema: text,
    async construct(name, type, inputs, options): Promise<ConstructResult> {
      const component = schema.resources[type];
      const Component = (components as Record<string, unknown>)[type.split(":")[2] ?? ""];
      if (component === undefined || typeof Component !== "function") {
        throw new Error(`${schema.name} has no component ${type}`);
      }
      const problem = argumentProblem(component, inputs);
      if (problem !== undefined) {
        throw new pulumi.InputPropertyError(problem);
      }
      const made = construct(Component as ComponentClass, name, inputs, options);
      const results = Object.keys(component.properties).map((key) => [key, made[key as keyof typeof made]]);
      return { urn: made.urn, state: Object.fromEntries(results) };
    },
  };
}

/** Makes a component, with its own error turned into the one that the engine shows with the argument's name. */
function construct(
  Component: ComponentClass,
  name: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
): pulumi.ComponentResource {
  try {
    return new Component(name, inputs, options);
  } catch (error) {
    if (error instanceof components.InputPropertyError) {
      throw new pulumi.InputPropertyError({ propertyPath: error.propertyPath, reason: error.reason });
    }
    throw error;
  }
}
