import { readFileSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript";
import type { DependencySchema } from "./types.ts";

/** The types of other packages that arguments use. */
export interface ExternalTypes {
  /** Refers to the type in the schema of its own package; undefined when it is no type of another package. */
  reference(type: ts.Type): string | undefined;
  /** The packages that were referred to. */
  dependencies(): DependencySchema[];
}

/** Declarations of a Pulumi package's SDK: its folder, its npm name, and which file it is. */
const ofPackage = /^(.*\/node_modules\/@pulumi\/([^/]+))\/(.+)$/;

/** Finds the input types of other Pulumi packages, and their providers. */
export function externalTypes(checker: ts.TypeChecker): ExternalTypes {
  const versions = new Map<string, string>();
  function version(folder: string, name: string): string {
    const known = versions.get(name);
    if (known !== undefined) return known;
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    versions.set(name, manifest.version);
    return manifest.version;
  }
  return {
    reference(type) {
      const declaration = type.symbol?.declarations?.[0];
      const [, folder, name, file] = ofPackage.exec(declaration?.getSourceFile().fileName ?? "") ?? [];
      if (folder === undefined || name === undefined || file === undefined || name === "pulumi") {
        return undefined;
      }
      const schema = () => `/${name}/v${version(folder, name)}/schema.json`;
      if (file === "provider.d.ts" && type.symbol.name === "Provider") {
        return `${schema()}#/provider`;
      }
      if (file === "types/input.d.ts") {
        // "core.v1.Probe" is the type core/v1:Probe of the package.
        const path = checker
          .getFullyQualifiedName(type.symbol)
          .replace(/^".*?"\./, "")
          .split(".");
        const type_ = path.pop();
        return `${schema()}#/types/${name}:${encodeURIComponent(path.join("/"))}:${type_}`;
      }
      throw new Error(`${checker.typeToString(type)} of @pulumi/${name} has no place in a schema`);
    },
    dependencies: () =>
      [...versions]
        .map(([name, found]) => ({ name, version: found }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
