/** Compiles the pack for npm, with the core of costs that its rules use. npm runs it before it packs. */
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const here = import.meta.dirname;
rmSync(join(here, "dist"), { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "-p", join(here, "tsconfig.pack.json")], { stdio: "inherit" });
// What the rules read beside their code: tables of types and prices.
const isData = (path: string) => !/\.(ts|md)$/.test(path);
cpSync(join(here, "rules"), join(here, "dist/policies/rules"), { recursive: true, filter: isData });
cpSync(join(here, "../cost/prices"), join(here, "dist/cost/prices"), { recursive: true, filter: isData });
