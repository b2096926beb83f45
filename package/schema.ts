import { join } from "node:path";
import ts from "typescript";
import { programOf, root } from "./emit.ts";
import { ownManifest } from "./manifest.ts";
import { descriptionOf } from "./schema/docs.ts";
import { Inference } from "./schema/inference.ts";
import type { ComponentSchema, PackageSchema } from "./schema/types.ts";

const entry = join(root, "components/index.ts");

/** Every language's generated SDK has the version of the schema. Source: schema.js of the SDK's own analyzer. */
const languages = ["nodejs", "python", "csharp", "java", "go"];

/**
 * Infers the schema of the component package from the TypeScript of components/index.ts: every exported component, its
 * arguments and what it gives.
 *
 * @param program that has them. @default - one is made
 * @throws {Error} when a component has what Pulumi's schema can't say; the message names the argument.
 */
export function inferSchema(program: ts.Program = programOf([entry])): PackageSchema {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module_ = source && checker.getSymbolAtLocation(source);
  if (module_ === undefined) {
    throw new Error(`${entry} exports nothing`);
  }
  const { name, version, description, license } = ownManifest();
  const inference = new Inference(checker, name);
  const resources: Record<string, ComponentSchema> = {};
  for (const exported of checker.getExportsOfModule(module_)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = symbol.declarations?.find(ts.isClassDeclaration);
    if (declaration !== undefined && extendsClass(declaration, "ComponentResource", checker)) {
      resources[`${name}:index:${symbol.name}`] = component(symbol, declaration, checker, inference);
    }
  }
  return {
    name,
    version,
    description,
    license: String(license),
    language: Object.fromEntries(languages.map((language) => [language, { respectSchemaVersion: true }])),
    dependencies: inference.external.dependencies(),
    types: sorted(inference.types),
    resources: sorted(resources),
  };
}

function component(
  symbol: ts.Symbol,
  declaration: ts.ClassDeclaration,
  checker: ts.TypeChecker,
  inference: Inference,
): ComponentSchema {
  const constructor_ = declaration.members.find(ts.isConstructorDeclaration);
  const args = constructor_?.parameters[1];
  if (args === undefined) {
    throw new Error(`${symbol.name} takes no arguments`);
  }
  const inputs = checker.getPropertiesOfType(checker.getNonNullableType(checker.getTypeAtLocation(args)));
  const given = inference.shape(inputs, { name: symbol.name, path: symbol.name, argument: true });
  const results = declaration.members.filter(
    (member): member is ts.PropertyDeclaration => ts.isPropertyDeclaration(member) && isPublic(member),
  );
  const made = inference.shape(
    results.flatMap((member) => checker.getSymbolAtLocation(member.name) ?? []),
    { name: symbol.name, path: symbol.name, argument: false },
  );
  const description = descriptionOf(symbol, checker);
  return {
    type: "object",
    isComponent: true,
    ...(description && { description }),
    inputProperties: given.properties,
    requiredInputs: given.required,
    ...made,
  };
}

function extendsClass(declaration: ts.ClassDeclaration, name: string, checker: ts.TypeChecker): boolean {
  return (
    checker
      .getTypeAtLocation(declaration)
      .getBaseTypes()
      ?.some((base) => base.symbol.name === name) ?? false
  );
}

function isPublic(member: ts.PropertyDeclaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;
  return ts.isIdentifier(member.name) && (ts.getCombinedModifierFlags(member) & hidden) === 0;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
