/** The parts of Pulumi's package schema that are used here. Source: sdk of pulumi v3.230.0, pkg/codegen/schema. */
export interface PropertySchema {
  type?: "string" | "number" | "boolean" | "array" | "object";
  $ref?: string;
  items?: PropertySchema;
  additionalProperties?: PropertySchema;
  oneOf?: PropertySchema[];
  /** The value has to be known when the program runs: no output of a resource. */
  plain?: true;
  description?: string;
}

export interface ObjectSchema {
  type: "object";
  description?: string;
  properties: Record<string, PropertySchema>;
  required: string[];
}

export interface EnumSchema {
  type: "string" | "number";
  description?: string;
  enum: { value: string | number }[];
}

export interface ComponentSchema extends ObjectSchema {
  isComponent: true;
  inputProperties: Record<string, PropertySchema>;
  requiredInputs: string[];
}

/** A package whose types the components' arguments use. */
export interface DependencySchema {
  name: string;
  version: string;
}

export interface PackageSchema {
  name: string;
  version: string;
  description: string;
  license: string;
  language: Record<string, unknown>;
  dependencies: DependencySchema[];
  types: Record<string, ObjectSchema | EnumSchema>;
  resources: Record<string, ComponentSchema>;
}
