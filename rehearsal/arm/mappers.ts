import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** A model description as the core-client generation of Azure's SDKs ships it. */
export interface Mapper {
  type: {
    name: string;
    className?: string;
    modelProperties?: Record<string, Mapper>;
    element?: Mapper;
    value?: Mapper;
    allowedValues?: readonly string[];
  };
  serializedName?: string;
  required?: boolean;
  readOnly?: boolean;
  nullable?: boolean;
  constraints?: Constraints;
}

/** The limits of one value. */
export interface Constraints {
  Pattern?: RegExp;
  MinLength?: number;
  MaxLength?: number;
  InclusiveMinimum?: number;
  InclusiveMaximum?: number;
  MinItems?: number;
  MaxItems?: number;
}

/** Which package a row's model is described in. */
export type SchemaPackage = "aks-schema" | "acr-schema";

/** A model by its class name, for example `ManagedCluster` of `aks-schema`. */
export interface ModelName {
  schema: SchemaPackage;
  model: string;
}

const require = createRequire(import.meta.url);

// Newer SDKs dropped these descriptions, and the packages' exports don't let them be imported by name.
async function load(schema: SchemaPackage): Promise<Record<string, Mapper>> {
  const root = dirname(require.resolve(`${schema}/package.json`));
  return import(pathToFileURL(join(root, "dist", "esm", "models", "mappers.js")).href);
}

const [aks, acr] = await Promise.all([load("aks-schema"), load("acr-schema")]);
const schemas: Record<SchemaPackage, Record<string, Mapper>> = { "aks-schema": aks, "acr-schema": acr };

/** The properties of a model with those that it inherits. */
export function modelProperties({ schema, model }: ModelName): Mapper[] {
  const mapper = schemas[schema][model];
  if (!mapper) {
    throw new Error(`${schema} describes no model ${model}`);
  }
  return Object.values(mapper.type.modelProperties ?? {});
}

/** The model that a property's type names. */
export function referenced(schema: SchemaPackage, mapper: Mapper): Mapper[] {
  return mapper.type.className
    ? modelProperties({ schema, model: mapper.type.className })
    : Object.values(mapper.type.modelProperties ?? {});
}
