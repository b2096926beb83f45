import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { root, sourceFiles } from "./emit.ts";

/** A package.json. */
export interface Manifest {
  name: string;
  version: string;
  description: string;
  dependencies: Record<string, string>;
  devDependencies?: Record<string, string>;
  [field: string]: unknown;
}

/** The checkout's package.json. */
export function ownManifest(): Manifest {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
}

/** The packages of npm that the shipped sources import, sorted. */
export function importedPackages(): string[] {
  const names = new Set<string>();
  for (const file of sourceFiles()) {
    const text = readFileSync(join(root, file), "utf8");
    for (const { fileName: specifier } of ts.preProcessFile(text).importedFiles) {
      if (!specifier.startsWith(".") && !isBuiltin(specifier)) {
        names.add(specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));
      }
    }
  }
  return [...names].sort();
}

/**
 * The package.json that is published. It differs from the checkout's, whose exports are the TypeScript that Node runs
 * there as it is, and whose dependencies are also the commands'.
 *
 * Pulumi's SDKs are peers: a program and its components have to share one copy of them, because that copy holds the
 * connection to the engine.
 */
export function publishedManifest(own: Manifest = ownManifest(), imported = importedPackages()): Manifest {
  const versions = imported.map((name) => {
    const version = own.dependencies[name];
    if (version === undefined) {
      throw new Error(`package.json: the components import ${name}, which is not among its "dependencies"`);
    }
    return [name, `^${version}`] as const;
  });
  const isSdk = (name: string) => name.startsWith("@pulumi/");
  return {
    name: own.name,
    version: own.version,
    description: "Pulumi components for MCP servers and KAITO models on AKS",
    keywords: ["pulumi", "aks", "azure", "kubernetes", "mcp", "kaito", "llm"],
    license: own["license"],
    type: "module",
    // What Pulumi starts when the package is used from another language.
    main: "./plugin/main.js",
    types: "./components/index.d.ts",
    exports: {
      ".": { types: "./components/index.d.ts", default: "./components/index.js" },
      "./package.json": "./package.json",
      "./*": { types: "./components/*.d.ts", default: "./components/*.js" },
    },
    // Asks the engine of dynamic providers for what Node 22.12 has at the earliest: require() of an ES module.
    engines: { node: ">=22.12" },
    dependencies: Object.fromEntries(versions.filter(([name]) => !isSdk(name))),
    peerDependencies: Object.fromEntries(versions.filter(([name]) => isSdk(name))),
  };
}
