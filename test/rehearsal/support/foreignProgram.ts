import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { type EngineResult, pulumi } from "../../../rehearsal/engine.ts";
import type { Running } from "../../../rehearsal/environment.ts";
import { servePlugin } from "../../../rehearsal/providers/plugin/server.ts";
import { ensureToolchain } from "../../../rehearsal/toolchain/toolchain.ts";
import { repository } from "../../../rehearsal/workspace.ts";
import type { Fixture } from "../../policies/cases/case.ts";
import { takesAll } from "./takesAll.ts";

/** The stack's name, which the checkout's own configuration of the pack doesn't know. */
const STACK = "foreign";

/** Registers what a file lists: a program that has nothing of this project. */
const PROGRAM = `import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
const made = new Map();
for (const { name, type, props, dependsOn = [] } of JSON.parse(readFileSync("fixtures.json", "utf8"))) {
  const opts = { dependsOn: dependsOn.map((each) => made.get(each)) };
  made.set(name, new pulumi.CustomResource(type, name, props, opts));
}
`;

/** A program in a folder outside of the checkout, with the policy pack as npm would install it. */
export interface ForeignProgram {
  /** Previews a program of these resources with the pack, and what its answer was. */
  preview(fixtures: readonly Fixture[], config: object): Promise<EngineResult>;
  /** Runs the command in the program's folder as it is. */
  answer(...args: string[]): Promise<string>;
  /** The folder. */
  dir: string;
  close(): Promise<void>;
}

/**
 * Lays the program out. It has no cluster and no Azure: the real plugin for Kubernetes writes files, and one that
 * takes everything has the place of Azure's. The pack comes from its own tarball, and finds no packages but those
 * that it says it needs.
 */
export async function foreignProgram(): Promise<ForeignProgram> {
  const dir = await mkdtemp(join(tmpdir(), "mcpaas-foreign-"));
  const azure = await servePlugin(takesAll("azure-native", "3.28.0"));
  const toolchain = await ensureToolchain({ onProgress: (line) => console.log(line) });
  const path = [...toolchain.path, join(repository, "node_modules/.bin"), process.env["PATH"] ?? ""];
  await Promise.all(["logs", "state", "home", "rendered"].map((each) => mkdir(join(dir, each))));
  const env = {
    ...process.env,
    PATH: path.join(":"),
    PULUMI_HOME: join(dir, "home"),
    PULUMI_BACKEND_URL: `file://${join(dir, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "",
    PULUMI_DEBUG_PROVIDERS: `azure-native:${azure.port}`,
    KUBECONFIG: join(dir, "none"),
  };
  await installPack(dir);
  const files = {
    "Pulumi.yaml":
      "name: foreign\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n",
    [`Pulumi.${STACK}.yaml`]: `config: { kubernetes:renderYamlToDirectory: ${join(dir, "rendered")} }\n`,
    "package.json": JSON.stringify({ type: "module" }),
    "index.js": PROGRAM,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);

  const answer = async (...args: string[]) =>
    (await execa("pulumi", args, { cwd: dir, env, extendEnv: false, stdin: "ignore" })).stdout;
  await answer("stack", "init", STACK);
  const running = {
    dir,
    project: dir,
    env,
    failed: new Promise<never>(() => undefined),
    entrust: () => undefined,
    environment: { stack: STACK },
  } as unknown as Running;
  return {
    dir,
    answer,
    async preview(fixtures, config) {
      await writeFile(join(dir, "fixtures.json"), JSON.stringify(fixtures));
      await writeFile(join(dir, "config.json"), JSON.stringify(config));
      const pack = ["--policy-pack", "node_modules/@mcpaas/policies", "--policy-pack-config", "config.json"];
      const result = await pulumi(running, ["preview", ...pack], { stack: STACK });
      // Where the pack didn't start there is no event that says so, only text.
      if (Object.keys(result.policyPacks).length === 0) throw new Error(await readFile(result.log, "utf8"));
      return result;
    },
    async close() {
      azure.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Packs the pack and unpacks it, beside links to the packages that it depends on. */
async function installPack(dir: string): Promise<void> {
  const source = join(repository, "policies");
  const target = join(dir, "node_modules/@mcpaas/policies");
  const packed = await execa("npm", ["pack", "--json", "--pack-destination", dir], { cwd: source });
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf("["))) as [
    { filename: string },
  ];
  await mkdir(target, { recursive: true });
  await execa("tar", ["xzf", join(dir, filename), "-C", target, "--strip-components=1"]);
  const { dependencies } = JSON.parse(await readFile(join(target, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const link = join(dir, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(repository, "node_modules", name), link);
  }
}
