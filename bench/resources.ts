import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { thisMachine } from "../cli/load/report.ts";
import { runningControllers } from "./resources/controllers.ts";
import type { Measurements, Subject } from "./resources/subject.ts";
import { tableOf } from "./resources/table.ts";
import { writeSection } from "./section.ts";

// What the programs that are shipped use of memory and processor, at rest and under load: the reason for the
// requests and limits in components/. Programs that aren't on this machine keep the figures that they have.
const subjects: Record<string, Subject> = {
  mcp: async (folder) => (await import("./resources/mcp.ts")).mcpServers(folder),
  state: async (folder) => (await import("./resources/state.ts")).chatState(folder),
  chat: async (folder) => (await import("./resources/chat.ts")).chatApp(folder),
  controllers: runningControllers,
};

const program = new Command("bench/resources.ts")
  .description("Measure what the programs that are shipped use, and write bench/measurements/resources.json.")
  .argument("[subjects...]", `which of ${Object.keys(subjects).join(", ")}`, Object.keys(subjects))
  .parse();

const file = join(import.meta.dirname, "measurements", "resources.json");
const folder = await mkdtemp(join(tmpdir(), "mcpaas-measure-"));
try {
  for (const name of program.args.length > 0 ? program.args : Object.keys(subjects)) {
    const subject = subjects[name];
    if (subject === undefined) {
      program.error(`error: ${name} is not one of ${Object.keys(subjects).join(", ")}`);
      break;
    }
    const machine = thisMachine();
    const date = new Date().toISOString().slice(0, 10);
    console.error(`measuring ${name}`);
    const found = await subject(folder);
    // Read anew each time: what was measured is kept if a later one fails.
    const before: Measurements = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { programs: {} };
    for (const [each, measurement] of Object.entries(found)) {
      before.programs[each] = { ...measurement, date, machine };
    }
    const programs = Object.fromEntries(Object.entries(before.programs).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(file, `${JSON.stringify({ programs }, undefined, 2)}\n`);
    writeSection("sizing.md", "measured", tableOf({ programs }));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
