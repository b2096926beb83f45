#!/usr/bin/env node
/** Writes the catalogue of flows into docs/README.md; with --check it only says whether it is up to date. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import manifest from "../../../package.json" with { type: "json" };
import { repository } from "../../workspace.ts";
import { readTutorials } from "../tutorials.ts";
import { partsOf, withPart } from "./catalogue.ts";

const { check } = new Command("catalogue")
  .description("Write the catalogue of flows, pages and commands into docs/README.md.")
  .option("--check", "write nothing, and end with 1 when it isn't up to date")
  .addHelpText("after", "\nExit codes: 0 good, 1 it is not up to date or has no marks, 2 wrong usage.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ check?: boolean }>();

const file = join(repository, "docs", "README.md");
const before = readFileSync(file, "utf8");
let text = before;
for (const [name, part] of Object.entries(partsOf(await readTutorials(), Object.keys(manifest.scripts)))) {
  const next = withPart(text, name, part);
  if (next === undefined) {
    console.error(`docs/README.md has no <!-- ${name} --> followed by <!-- /${name} -->`);
    process.exit(1);
  }
  text = next;
}
if (text !== before && check) {
  console.error("docs/README.md is not up to date; npm run catalogue writes it anew");
  process.exit(1);
}
if (text !== before) writeFileSync(file, text);
console.log(`docs/README.md is ${text === before ? "up to date" : "written anew"}`);
