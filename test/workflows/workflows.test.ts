import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import stacks from "../../.github/stacks.json" with { type: "json" };
import manifest from "../../package.json" with { type: "json" };
import { root } from "./support/script.ts";

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}
interface Job {
  if?: string;
  environment?: string;
  permissions?: Record<string, string>;
  concurrency?: { "cancel-in-progress"?: unknown };
  "timeout-minutes"?: number;
  env?: Record<string, string>;
  steps: Step[];
}
interface Workflow {
  name: string;
  on: Record<string, { inputs?: { stack?: { options: string[] } } } | null>;
  permissions: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress"?: unknown };
  jobs: Record<string, Job>;
}

/** An expression of GitHub's, as it stands in a workflow. */
const expression = (text: string) => `$\{{ ${text} }}`;
const folder = join(root, ".github/workflows");
const files = readdirSync(folder);
const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
const workflows = new Map([...texts].map(([file, text]) => [file, parse(text) as Workflow]));
const jobs = [...workflows].flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]) => ({ at: `${file}: ${name}`, file, job })),
);
const steps = jobs.flatMap(({ at, job }) => job.steps.map((step) => ({ at, step })));
const named = (file: string) => workflows.get(file) as Workflow;

it("has the five of them", () => {
  expect(files.sort()).toEqual(["check.yml", "deploy.yml", "drift.yml", "preview.yml", "rehearse.yml"]);
});

describe("what they run", () => {
  it("is pinned: each action by a whole commit, with the release beside it", () => {
    const uses = [...texts].flatMap(([file, text]) =>
      text
        .split("\n")
        .filter((line) => /\buses:/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(uses.length).toBeGreaterThan(10);
    expect(
      uses.filter((line) => !/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
    ).toEqual([]);
  });

  it("is the same release of an action everywhere", () => {
    const pins = new Map<string, Set<string>>();
    for (const { step } of steps) {
      const [action = "", pin = ""] = step.uses?.split("@") ?? [];
      if (action) pins.set(action, (pins.get(action) ?? new Set()).add(pin));
    }
    expect([...pins].filter(([, found]) => found.size > 1)).toEqual([]);
  });

  it("never puts an expression into a script, where its value would be code", () => {
    expect(steps.filter(({ step }) => step.run?.includes(expression("").slice(0, 3)))).toEqual([]);
  });

  it("is in files that tests run, or is a command of one line", () => {
    const scripts = readdirSync(join(root, ".github/scripts"));
    const tests = readdirSync(join(root, "test/workflows"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => readFileSync(join(root, "test/workflows", name), "utf8"))
      .join("\n");
    const used = steps.flatMap(({ step }) => step.run?.match(/\.github\/scripts\/([\w.]+)/)?.slice(1) ?? []);
    expect(used.filter((name) => !scripts.includes(name))).toEqual([]);
    expect([...new Set(used)].filter((name) => !tests.includes(`"${name}"`))).toEqual([]);
    // What no step runs, another script has to.
    const all = scripts.map((name) => readFileSync(join(root, ".github/scripts", name), "utf8")).join("\n");
    expect(scripts.filter((name) => !used.includes(name) && !all.includes(`"./${name}"`))).toEqual([]);
    expect(steps.filter(({ step }) => (step.run?.trim().split("\n").length ?? 1) > 1)).toEqual([]);
  });

  it("is an npm script, a test project or a script that exists", () => {
    const commands = steps.flatMap(({ step }) => (step.run ? [step.run] : []));
    const scripts = commands.flatMap((run) => run.match(/npm run (?:--silent )?([\w:-]+)/)?.slice(1) ?? []);
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
    for (const { step } of steps) {
      const path = step.run?.match(/(?:node|bash) (\S+)/)?.[1];
      if (path) expect(existsSync(join(root, path)), path).toBe(true);
    }
  });
});

describe("what they may", () => {
  it("is nothing, but for what a job asks for itself", () => {
    for (const [file, { permissions }] of workflows) expect(permissions, file).toEqual({});
    expect(jobs.filter(({ job }) => job.permissions === undefined).map(({ at }) => at)).toEqual([]);
    const writes = jobs.flatMap(({ at, job }) =>
      Object.entries(job.permissions ?? {}).flatMap(([scope, level]) =>
        level === "read" ? [] : [`${at} ${scope}`],
      ),
    );
    expect(writes.sort()).toEqual([
      "deploy.yml: deploy id-token",
      "drift.yml: issue issues",
      "drift.yml: refresh id-token",
      "preview.yml: comment pull-requests",
      "preview.yml: preview id-token",
    ]);
  });

  it("leaves no token behind in the checkout", () => {
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBe(jobs.length);
    expect(checkouts.filter(({ step }) => step.with?.["persist-credentials"] !== false)).toEqual([]);
  });

  it("gives GitHub's token to one step, and only where something is written", () => {
    const holders = steps.filter(({ step }) => JSON.stringify(step).includes("github.token"));
    expect(holders.map(({ at }) => at)).toEqual(["drift.yml: issue", "preview.yml: comment"]);
    expect(jobs.filter(({ job }) => JSON.stringify(job.env ?? {}).includes("github.token"))).toEqual([]);
  });

  it("needs no secret of the repository: Azure knows the workflows by their identity", () => {
    for (const [file, text] of texts) expect(text, file).not.toMatch(/\bsecrets\b/);
  });

  it("gives forks nothing: an identity only to branches of the repository, after the job that asks", () => {
    const { on, jobs } = named("preview.yml");
    expect(Object.keys(on)).toEqual(["pull_request"]);
    expect(jobs["affected"]?.if).toContain(
      "github.event.pull_request.head.repo.full_name == github.repository",
    );
    expect(jobs["preview"]).toMatchObject({ needs: "affected" });
    for (const [file, { on }] of workflows) {
      expect(Object.keys(on), file).not.toContain("pull_request_target");
      expect(Object.keys(on), file).not.toContain("workflow_run");
    }
  });
});

describe("how they run", () => {
  it("ends in time", () => {
    expect(jobs.filter(({ job }) => job["timeout-minutes"] === undefined).map(({ at }) => at)).toEqual([]);
  });

  it("ignores plugins that happen to be on PATH wherever Azure is real, and only there", () => {
    const real = jobs.filter(({ job }) => job.permissions?.["id-token"] === "write");
    expect(real.map(({ job }) => job.env?.["PULUMI_IGNORE_AMBIENT_PLUGINS"])).toEqual([
      "true",
      "true",
      "true",
    ]);
    for (const file of ["check.yml", "rehearse.yml"]) {
      expect(texts.get(file)).not.toContain("PULUMI_");
      expect(texts.get(file)).not.toContain("ARM_");
    }
  });

  it("previews anew with each push, and never cancels a deployment", () => {
    expect(named("preview.yml").concurrency?.["cancel-in-progress"]).toBe(true);
    const { concurrency, jobs } = named("deploy.yml");
    expect(concurrency).toBeUndefined();
    expect(jobs["deploy"]?.concurrency).toEqual({
      group: `deploy-${expression("matrix.stack")}`,
      "cancel-in-progress": false,
    });
    expect(named("drift.yml").concurrency?.["cancel-in-progress"]).toBeUndefined();
  });

  it("deploys in an environment of the stack's own, and previews in another", () => {
    expect(named("deploy.yml").jobs["deploy"]?.environment).toBe(expression("matrix.stack"));
    expect(named("preview.yml").jobs["preview"]?.environment).toBe(`${expression("matrix.stack")}-preview`);
    expect(named("drift.yml").jobs["refresh"]?.environment).toBe(`${expression("matrix.stack")}-preview`);
  });

  it("offers the stacks that there are", () => {
    expect(named("deploy.yml").on["workflow_dispatch"]?.inputs?.stack?.options).toEqual(
      stacks.map(({ stack }) => stack),
    );
  });
});
