/**
 * Makes the package that is published and that other languages use: `npm run package [-- --out <folder>]`. The folder
 * then holds what `npm publish`, `npm install` and `pulumi package add` take.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { command, orSayWhy } from "./command.ts";
import { emit, root, shippedProgram } from "./emit.ts";
import { publishedManifest } from "./manifest.ts";
import { inferSchema } from "./schema.ts";

/** Where the package is made unless one says otherwise; git ignores it. */
const defaultFolder = join(root, "dist");

const schemaFile = "plugin/schema.json";

/** Files that are shipped as they are: where they are in the checkout, and in the package. */
const copies: readonly (readonly [string, string])[] = [
  ["LICENSE", "LICENSE"],
  ["CHANGELOG.md", "CHANGELOG.md"],
  ["package/README.md", "README.md"],
  ["plugin/PulumiPlugin.yaml", "PulumiPlugin.yaml"],
];

/**
 * Writes the package into a folder. An earlier build there is replaced.
 *
 * @throws {Error} when the folder holds anything else, which is left alone, or when the sources have errors.
 * @returns the files in it, as sorted paths from the folder.
 */
export function build(folder: string): string[] {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, schemaFile))) {
    throw new Error(
      `${folder} holds something else than an earlier build; name a folder that is empty or new`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const program = shippedProgram();
  const emitted = emit(program, folder);
  for (const [from, to] of copies) {
    cpSync(join(root, from), join(folder, to));
  }
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  writeFileSync(join(folder, "package.json"), json(publishedManifest()));
  writeFileSync(join(folder, schemaFile), json(inferSchema(program)));
  return [...emitted, ...copies.map(([, to]) => to), "package.json", schemaFile].sort();
}

if (import.meta.main) {
  const { out } = command("package", "Makes the package that is published and that other languages use")
    .option("--out <folder>", "where; an earlier build there is replaced", defaultFolder)
    .parse()
    .opts<{ out: string }>();
  const folder = resolve(out);
  await orSayWhy(() => {
    const files = build(folder);
    console.log(`${files.length} files in ${folder}`);
    console.log(`Next: cd ${folder} && npm publish, or npm pack for an archive`);
  });
}
