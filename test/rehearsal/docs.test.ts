import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { azureResources } from "../../rehearsal/armControl.ts";
import { planOf } from "../../rehearsal/docs/plan.ts";
import { runDocuments } from "../../rehearsal/docs/run.ts";
import { readTutorials, tutorialsDir } from "../../rehearsal/docs/tutorials.ts";
import { Report } from "../../rehearsal/report.ts";
import { shellEnvironment } from "../../rehearsal/shell.ts";
import { repository } from "../../rehearsal/workspace.ts";
import { raiseStage, type Stage } from "./support/stage.ts";

let stage: Stage;
let state: string;
let before: string[];
beforeAll(async () => {
  stage = await raiseStage();
  before = await azureResources(stage.running);
  state = await mkdtemp(join(tmpdir(), "mcpaas-docs-"));
});
afterAll(async () => {
  await stage?.close();
  await rm(state, { recursive: true, force: true });
});

/** The real `ie`, where `MCPAAS_IE` names it; what a run that failed has left in its state files would go on. */
async function ie(): Promise<[program: string, args: string[]]> {
  const real = process.env["MCPAAS_IE"];
  for (const file of real ? ["/tmp/env-vars", "/tmp/working-dir"] : []) await rm(file, { force: true });
  const played = join(repository, "rehearsal/servers/innovationEngine/ie.ts");
  return real ? [real, []] : [process.execPath, [played, "v0", "none", state]];
}

/** The tests are one stack's life: what ie has brought up, the documents find. */
test("ie executes a document, and the one that it links before it", async () => {
  const { running } = stage;
  const [program, args] = await ie();
  const variables = { HASH: "d0c5", WORK_DIR: join(state, "work") };
  const env: NodeJS.ProcessEnv = { ...shellEnvironment(running), ...variables, HOME: state };
  // What a person without a cloud account leaves out, ie has to find: it knows no such marks.
  const az = await commandThat(state, "az", "echo az $*");
  const path = `${az}:${env["PATH"] ?? process.env["PATH"]}`;
  const document = join(tutorialsDir, "registry.md");
  const executed = await execa(program, [...args, "execute", document], {
    cwd: running.project,
    env: { ...env, PATH: path },
    extendEnv: false,
    reject: false,
    all: true,
  });
  expect(executed.exitCode, executed.all).toBe(0);
  expect(executed.stdout).toContain("admin user: false");
  const registries = (await azureResources(running)).filter((id) => /\/registries\/[^/]+$/.test(id));
  expect(registries).toHaveLength(1);
});

test("every document does what it says, and the last one leaves nothing", async () => {
  const tutorials = await readTutorials();
  const { running } = stage;
  const report = new Report(process.stderr);
  const { signal } = new AbortController();
  const { differences, documents, ok } = await runDocuments(planOf(tutorials), { running, report, signal });
  expect(differences).toEqual([]);
  expect(ok).toBe(true);
  const blocks = tutorials.flatMap((one) => one.blocks.filter(({ cloudOnly }) => cloudOnly === undefined));
  expect(documents.reduce((sum, { ran }) => sum + ran, 0)).toBe(blocks.length);
  expect(await azureResources(running)).toEqual(before);
}, 1_800_000);

/** A folder with a command of that name. */
async function commandThat(dir: string, name: string, script: string): Promise<string> {
  const bin = join(dir, "bin");
  await execa("mkdir", ["-p", bin]);
  await execa("bash", ["-c", `printf '#!/bin/sh\\n${script}\\n' > "$0" && chmod +x "$0"`, join(bin, name)]);
  return bin;
}
