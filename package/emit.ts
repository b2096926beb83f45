import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** The folders whose TypeScript the package ships, as JavaScript with declarations. */
export const shippedSources = ["components", "plugin"] as const;

/** The TypeScript files that the package is made of, as paths from the checkout. */
export function sourceFiles(): string[] {
  return shippedSources.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${folder}/${name.split(sep).join("/")}`)
      .sort(),
  );
}

/** The compiler's options: those that `npm run types` checks with, and what differs for a package. */
function compilerOptions(): ts.CompilerOptions {
  const { config, error } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  if (error) {
    throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  }
  return {
    ...ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root).options,
    noEmit: false,
    declaration: true,
    // Node refuses TypeScript below node_modules, so imports have to name the JavaScript.
    rewriteRelativeImportExtensions: true,
    allowImportingTsExtensions: false,
    rootDir: root,
    outDir: root,
  };
}

/** The TypeScript program of some files; making one takes seconds, so make it once. */
export function programOf(files: readonly string[]): ts.Program {
  return ts.createProgram(files, compilerOptions());
}

/** The program of all that is shipped. */
export function shippedProgram(): ts.Program {
  return programOf(sourceFiles().map((file) => join(root, file)));
}

/**
 * Writes the JavaScript and the declarations of the package's sources below a folder.
 *
 * @returns the written files, as paths from that folder.
 * @throws {Error} with the compiler's messages when the sources have type errors; nothing is written then.
 */
export function emit(program: ts.Program, folder: string): string[] {
  const wrong = ts.getPreEmitDiagnostics(program);
  const emitted = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => {
    emitted.set(relative(root, path), path.endsWith(".d.ts") ? importsOfJavaScript(text) : text);
  });
  const all = [...wrong, ...diagnostics];
  if (all.length > 0) {
    throw new Error(ts.formatDiagnostics(all, host));
  }
  for (const [path, text] of emitted) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return [...emitted.keys()].sort();
}

const host: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => "\n",
};

/** The compiler rewrites imports in JavaScript only; declarations would name TypeScript that isn't shipped. */
function importsOfJavaScript(declarations: string): string {
  return declarations.replaceAll(/((?:from|import\()\s*"\.{1,2}\/[^"]+)\.ts"/g, '$1.js"');
}
