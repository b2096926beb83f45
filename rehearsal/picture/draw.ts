#!/usr/bin/env node
/** Draws docs/pictures/terminal.svg from the recording beside this file; with --record it makes the recording first. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { repository } from "../workspace.ts";
import { screenOf } from "./recording.ts";
import { svgOf } from "./svg.ts";

const COMMAND = "npm run rehearse";
const recording = join(import.meta.dirname, "recording.txt");
const picture = join(repository, "docs", "pictures", "terminal.svg");

const { record, check } = new Command("picture:terminal")
  .description(`Draw what ${COMMAND} shows as docs/pictures/terminal.svg.`)
  .option("--record", "rehearse first, a few minutes, and keep what it prints", false)
  .option("--check", "write nothing, and end with 1 when the picture is not what the recording says", false)
  .addHelpText("after", "\nExit codes: 0 good, 1 stale or the rehearsal failed, 2 wrong usage.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{ record: boolean; check: boolean }>();

if (record) {
  const dir = join(repository, ".rehearsal", "picture");
  const { all, exitCode } = await execa("node", [join(repository, "rehearsal/rehearse.ts"), "--dir", dir], {
    env: { FORCE_COLOR: "1" },
    all: true,
    reject: false,
  });
  if (exitCode !== 0) {
    console.error(`the rehearsal failed, so the old recording stays:\n${all}`);
    process.exit(1);
  }
  // Where logs and programs are is this machine's business.
  writeFileSync(recording, `${all.replaceAll(/^.*(Logs: |using pulumi-).*\n/gm, "")}\n`);
}
const svg = svgOf(COMMAND, screenOf(readFileSync(recording, "utf8")));
const same = svg === readFileSync(picture, { encoding: "utf8", flag: "a+" });
if (!same && check) {
  console.error(
    "docs/pictures/terminal.svg is not what the recording says; npm run picture:terminal draws it",
  );
  process.exit(1);
}
if (!same) writeFileSync(picture, svg);
console.log(`docs/pictures/terminal.svg is ${same ? "up to date" : "drawn anew"}`);
