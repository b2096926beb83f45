import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import stacks from "../../.github/stacks.json" with { type: "json" };
import manifest from "../../package.json" with { type: "json" };
import { root } from "./support/script.ts";

interface Step {
  name?: string;
  id?: string;
  if?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}
interface Job {
  if?: string;
  needs?: string | string[];
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
/** The jobs that can have a token of an identity in Azure. */
const real = jobs.filter(({ job }) => job.permissions?.["id-token"] === "write");

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
      uses.filter((line) => !/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+){1,2}$/.test(line)),
    ).toEqual([]);
  });

  it("is the same release of an action everywhere", () => {
    const pins = new Map<string, Set<string>>();
    for (const { step } of steps) {
      const [action = "", pin = ""] = step.uses?.split("@") ?? [];
      // Those of one repository, such as actions/cache/save, belong together.
      const repository = action.split("/", 2).join("/");
      if (action) pins.set(repository, (pins.get(repository) ?? new Set()).add(pin));
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
      "deploy.yml: plan id-token",
      "drift.yml: issue issues",
      "drift.yml: refresh id-token",
      "preview.yml: comment pull-requests",
      "preview.yml: preview id-token",
    ]);
  });

  it("leaves no token behind in the checkout", () => {
    const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
    const without = jobs.filter(({ at }) => !checkouts.some((checkout) => checkout.at === at));
    expect(without.map(({ at }) => at)).toEqual(["preview.yml: previewed"]);
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

  it("is asked for by no package's own script where a token of an identity can be had", () => {
    const installs = real.map(({ job }) => job.steps.filter(({ run }) => /\bnpm\b/.test(run ?? "")));
    for (const found of installs) {
      expect(found.map(({ run }) => run)).toEqual(["npm ci --ignore-scripts --no-audit --no-fund"]);
    }
  });

  it("is nothing in Azure until somebody has set it up, and for deployments nothing but main", () => {
    const set = "vars.MCPAAS_DEPLOY == 'true'";
    expect(named("preview.yml").jobs["affected"]?.if).toContain(`${set} &&`);
    expect(named("deploy.yml").jobs["affected"]?.if).toBe(`github.ref == 'refs/heads/main' && ${set}`);
    expect(named("drift.yml").jobs["stacks"]?.if).toBe(set);
    const first = real.map(({ job }) => [job.needs].flat()[0]);
    expect(first).toEqual(["affected", "affected", "stacks", "affected"]);
    // A function such as always() would let a job run though the first one was left out.
    for (const { at, job } of real) expect(job.if ?? "", at).not.toContain("()");
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

it("is kept from growing old", () => {
  const { updates } = parse(readFileSync(join(root, ".github/dependabot.yml"), "utf8"));
  const found = updates.map((each: Record<string, unknown>) => [
    each["package-ecosystem"],
    each["directory"],
  ]);
  expect(found).toEqual([
    ["github-actions", "/"],
    ["npm", "/"],
  ]);
});

describe("how they run", () => {
  it("ends in time", () => {
    expect(jobs.filter(({ job }) => job["timeout-minutes"] === undefined).map(({ at }) => at)).toEqual([]);
  });

  it("ignores plugins that happen to be on PATH wherever Azure is real, and only there", () => {
    expect(real.map(({ at }) => at)).toEqual([
      "deploy.yml: plan",
      "deploy.yml: deploy",
      "drift.yml: refresh",
      "preview.yml: preview",
    ]);
    for (const { at, job } of real) expect(job.env?.["PULUMI_IGNORE_AMBIENT_PLUGINS"], at).toBe("true");
    for (const file of ["check.yml", "rehearse.yml"]) {
      expect(texts.get(file)).not.toContain("PULUMI_");
      expect(texts.get(file)).not.toContain("ARM_");
    }
  });

  it("can sign in to a cluster without local accounts, with the release that is rehearsed", () => {
    const module = readFileSync(join(root, "rehearsal/toolchain/go.mod"), "utf8");
    const [, version] = /github\.com\/Azure\/kubelogin (v\S+)/.exec(module) ?? [];
    expect(version).toBeDefined();
    for (const { at, job } of real) {
      const uses = job.steps.map((step) => step.uses?.split("@")[0] ?? step.run ?? "");
      const kubelogin = uses.indexOf("azure/use-kubelogin");
      expect(job.steps[kubelogin]?.with?.["kubelogin-version"], at).toBe(version);
      expect(
        uses.findIndex((each) => each.includes("preview.sh")),
        at,
      ).toBeGreaterThan(kubelogin);
    }
  });

  it("ends in one check that fails when a preview failed or broke off", () => {
    const { previewed, ...others } = named("preview.yml").jobs;
    expect(previewed).toMatchObject({
      needs: Object.keys(others),
      if: "always()",
      permissions: {},
      steps: [
        {
          if: "always() && (contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled'))",
          run: "exit 1",
        },
      ],
    });
    // A required check is known by its job's name alone, in whatever workflow it is.
    const required = ["check", "rehearse", "previewed"];
    const names = jobs.map(({ at }) => at.split(": ")[1] ?? "");
    for (const name of required) expect(names.filter((each) => each === name)).toHaveLength(1);
    const page = readFileSync(join(root, "docs/pull-requests.md"), "utf8");
    expect(page).toContain("Require `check`, `rehearse` and `previewed`");
  });

  it("deploys main as it is, once it was planned", () => {
    const { jobs } = named("deploy.yml");
    expect(jobs["deploy"]?.needs).toEqual(["affected", "plan"]);
    for (const name of ["plan", "deploy"]) {
      const [checkout] = jobs[name]?.steps ?? [];
      expect(checkout?.with?.["ref"], name).toBe(expression("github.ref"));
    }
    const runs = (name: string) =>
      (jobs[name]?.steps ?? []).flatMap(({ run }) => run?.match(/\w+\.sh/)?.[0] ?? []);
    expect(runs("plan")).toEqual(["preview.sh"]);
    expect(runs("deploy")).toEqual(["preview.sh", "deploy.sh"]);
    const asked = jobs["affected"]?.steps.find(({ id }) => id === "pushed");
    expect(asked?.run).toContain("--before ");
  });

  it("keeps the toolchain before anything runs that may fail", () => {
    const steps = named("rehearse.yml").jobs["rehearse"]?.steps ?? [];
    const at = (word: string) => steps.findIndex(({ uses, run }) => `${uses} ${run}`.includes(word));
    const order = ["actions/cache/restore@", "rm -f", "buildToolchain.ts", "actions/cache/save@", "npm run"];
    expect(order.map(at)).toEqual(order.map(at).toSorted((a, b) => a - b));
    expect(order.map(at)).not.toContain(-1);
    const [restore, save] = [steps[at("cache/restore@")], steps[at("cache/save@")]];
    expect(save?.with).toEqual(restore?.with);
    expect(save?.if).toBe(`steps.${restore?.id}.outputs.cache-hit != 'true'`);
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

  it("deploys in an environment of the stack's own, previews in another, and reads for main in a third", () => {
    expect(named("deploy.yml").jobs["deploy"]?.environment).toBe(expression("matrix.stack"));
    expect(named("preview.yml").jobs["preview"]?.environment).toBe(`${expression("matrix.stack")}-preview`);
    // Not in that of previews: its reviewers would be asked every night.
    const plan = `${expression("matrix.stack")}-plan`;
    expect(named("deploy.yml").jobs["plan"]?.environment).toBe(plan);
    expect(named("drift.yml").jobs["refresh"]?.environment).toBe(plan);
  });

  it("offers the stacks that there are", () => {
    expect(named("deploy.yml").on["workflow_dispatch"]?.inputs?.stack?.options).toEqual(
      stacks.map(({ stack }) => stack),
    );
  });
});
