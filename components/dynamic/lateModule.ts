import { createRequire } from "node:module";
import { extname } from "node:path";

/**
 * Loads a module when it is needed, for those whose libraries take a second to load. It has the kind of the module that
 * asks: TypeScript in a checkout, JavaScript in the package.
 *
 * @typeParam Module the module's type, as `typeof import("./x.ts")`
 * @param asking `import.meta.url` of the module that asks
 * @param path the module's path from there, without its extension
 */
export function lateModule<Module>(asking: string, path: string): Module {
  return createRequire(asking)(`${path}${extname(asking)}`);
}
