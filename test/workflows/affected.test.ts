import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { affectedBy } from "../../.github/scripts/affected.ts";
import stacks from "../../.github/stacks.json" with { type: "json" };
import { folder, PATIENT, root, runScript } from "./support/script.ts";

const ALL = ["dev", "prod"];

describe("affectedBy", () => {
  it.each([
    ["a stack's settings", ["Pulumi.prod.yaml"], ["prod"]],
    ["two stacks' settings, in the order of deployment", ["Pulumi.prod.yaml", "Pulumi.dev.yaml"], ALL],
    ["settings of a stack that isn't deployed", ["Pulumi.local.yaml"], []],
    ["what only the stack local is made of", ["stacks/local.ts", "stacks/local/cluster.ts"], []],
    ["a component", ["components/acrForAks.ts"], ALL],
    ["an image's source", ["servers/guard/src/main.ts"], ALL],
    ["a policy", ["policies/rules/imageTags.ts"], ALL],
    ["dependencies", ["package-lock.json"], ALL],
    ["prices, which policies read", ["cost/prices/eastus.json"], ALL],
    ["documents, tests and commands", ["docs/chat.md", "test/a.test.ts", "cli/main.ts", "README.md"], []],
    ["a workflow that doesn't deploy", [".github/workflows/check.yml"], []],
    ["the workflow that deploys", [".github/workflows/deploy.yml"], ALL],
    ["a file that nobody has thought of", ["new/thing.ts"], ALL],
    ["nothing", [], []],
  ])("%s", (_, files, expected) => {
    expect(affectedBy(files, ALL)).toEqual(expected);
  });

  it("knows every folder of the checkout, so that one that is new is thought about", () => {
    const ignored = readFileSync(join(root, ".gitignore"), "utf8").split("\n");
    const passing = new Set([".git", ...ignored.map((line) => line.replaceAll("/", ""))]);
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !passing.has(entry.name))
      .map(({ name }) => name);
    const deployed = folders.filter((each) => affectedBy([`${each}/x`], ALL).length > 0);
    expect(deployed.sort()).toEqual(["components", "cost", "policies", "servers", "stacks"]);
  });
});

describe("affectedStacks.ts", PATIENT, () => {
  async function ask(args: string[], cwd?: string) {
    const out = join(await folder(), "output");
    await writeFile(out, "");
    const ran = await runScript("affectedStacks.ts", args, { GITHUB_OUTPUT: out }, { ...(cwd && { cwd }) });
    return { ...ran, output: await readFile(out, "utf8") };
  }

  const gitIn =
    (cwd: string) =>
    (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e@invalid", ...args], {
        cwd,
        encoding: "utf8",
      });

  it("hands a matrix to later jobs", async () => {
    const { output } = await ask(["--stack", "prod"]);
    const prod = stacks.filter(({ stack }) => stack === "prod");
    expect(output).toBe(`stacks=${JSON.stringify(prod)}\nnames=prod\n`);
  });

  it("compares with a commit, and takes all stacks when there is none to compare with", async () => {
    const cwd = await folder();
    const git = gitIn(cwd);
    git("init", "-q");
    git("commit", "-q", "--allow-empty", "-m", "first");
    const first = git("rev-parse", "HEAD").trim();
    await writeFile(join(cwd, "Pulumi.prod.yaml"), "");
    await writeFile(join(cwd, "README.md"), "");
    git("add", "-A");
    git("commit", "-q", "-m", "second");
    const names = async (since: string) => (await ask(["--since", since], cwd)).output.split("names=")[1];
    expect(await names(first)).toBe("prod\n");
    expect(await names(git("rev-parse", "HEAD").trim())).toBe("\n");
    expect(await names("0".repeat(40))).toBe("dev prod\n");
    expect(await names("f".repeat(40))).toBe("dev prod\n");
    expect(await names("HEAD; date")).toBe("dev prod\n");
  });

  it("takes a way back for a change, and of a branch only what is its own", async () => {
    const cwd = await folder();
    const git = gitIn(cwd);
    git("init", "-q", "-b", "main");
    git("commit", "-q", "--allow-empty", "-m", "first");
    const first = git("rev-parse", "HEAD").trim();
    await writeFile(join(cwd, "Pulumi.prod.yaml"), "");
    git("add", "-A");
    git("commit", "-q", "-m", "second");
    const second = git("rev-parse", "HEAD").trim();
    git("reset", "-q", "--hard", first);
    const names = async (...args: string[]) => (await ask(args, cwd)).output.split("names=")[1];
    expect(await names("--before", second)).toBe("prod\n");
    expect(await names("--since", second)).toBe("\n");
    expect(await names("--before", "f".repeat(40))).toBe("dev prod\n");
  });

  it("refuses a stack that isn't deployed", async () => {
    const ran = await ask(["--stack", "local"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(".github/stacks.json has no stack local; it has dev, prod");
  });

  it("names stacks that have settings", () => {
    const files = readdirSync(root);
    for (const { stack } of stacks) expect(files).toContain(`Pulumi.${stack}.yaml`);
  });
});
