import { readdirSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { summaryOf } from "../../cli/previewComment/summary.ts";
import { ensureToolchain } from "../../rehearsal/toolchain/toolchain.ts";
import { repository } from "../../rehearsal/workspace.ts";

const folder = join(repository, ".github", "workflows");

const toolchain = () => ensureToolchain({ onProgress: (line) => console.log(line) });

test("actionlint finds nothing in the workflows", async () => {
  const files = readdirSync(folder).map((file) => join(folder, file));
  const { bin } = await toolchain();
  const { all, exitCode } = await execa(join(bin, "actionlint"), files, {
    cwd: repository,
    reject: false,
    all: true,
  });
  expect(all).toBe("");
  expect(exitCode).toBe(0);
});

test("and it does find what is wrong", async () => {
  const { bin } = await toolchain();
  const wrong = [
    "on: push",
    "jobs:",
    "  a:",
    "    runs-on: ubuntu-24.04",
    "    needs: b",
    "    steps: [{ run: x }]",
  ];
  const { exitCode, stdout } = await execa(join(bin, "actionlint"), ["-"], {
    input: wrong.join("\n"),
    reject: false,
  });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('job "a" needs job "b" which does not exist');
});

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.ComponentResource {
  constructor(name) { super("test:index:Thing", name); this.registerOutputs({}); }
}
pulumi.log.debug("password: hunter2-hunter2");
pulumi.log.warn("hm");
new Thing(process.env.THING);
if (process.env.THING === "broken") throw new Error("it is broken");
`;

/** A project without Azure and without a cluster, and what previews of it stream. */
async function project() {
  const { path, pulumi } = await toolchain();
  const dir = await mkdtemp(join(tmpdir(), "workflows-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const runtime = { name: "nodejs", options: { typescript: false } };
  await writeFile(join(dir, "Pulumi.yaml"), JSON.stringify({ name: "tiny", runtime, main: "index.mjs" }));
  await writeFile(join(dir, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(dir, "index.mjs"), PROGRAM);
  await symlink(join(repository, "node_modules"), join(dir, "node_modules"));
  const run = (args: string[], thing = "it") =>
    execa(pulumi.program, [...args, "--non-interactive"], {
      cwd: dir,
      extendEnv: false,
      reject: false,
      env: {
        HOME: dir,
        PATH: [...path, dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
        PULUMI_BACKEND_URL: `file://${dir}`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
        THING: thing,
      },
    });
  expect(await run(["stack", "init", "dev"])).toMatchObject({ exitCode: 0 });
  return {
    run,
    preview: (thing: string) => run(["preview", "-s", "dev", "--json", "--color", "never"], thing),
  };
}

test("the engine streams previews in the form that comments are made of", async () => {
  const { run, preview } = await project();
  const first = await preview("it");
  expect(first.exitCode).toBe(0);
  const summary = summaryOf("dev", first.stdout, "it");
  expect(summary).toMatchObject({ ok: true, policies: { packs: {}, violations: [] }, errors: [] });
  expect(summary.warnings).toContain("hm");
  expect(summary.changes.map(({ kind, type, name }) => `${kind} ${type} ${name}`)).toEqual([
    "create pulumi:pulumi:Stack tiny-dev",
    "create test:index:Thing it",
  ]);
  // Why the stream is kept nowhere: it has what is for debugging only, whatever that is.
  expect(first.stdout).toContain("hunter2-hunter2");
  expect(JSON.stringify(summary)).not.toContain("hunter2");

  expect(await run(["up", "-s", "dev", "--yes", "--skip-preview"])).toMatchObject({ exitCode: 0 });
  const other = summaryOf("dev", (await preview("other")).stdout, "it");
  expect(other.changes.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
    "create other",
    "delete it",
  ]);
  expect(other.same).toBe(1);

  const broken = await preview("broken");
  expect(broken.exitCode).not.toBe(0);
  const { ok, errors } = summaryOf("dev", broken.stdout, "it");
  expect(ok).toBe(false);
  expect(errors.join("\n")).toContain("it is broken");
});
