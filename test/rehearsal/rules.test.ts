import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { prometheusRules } from "../../components/platformAlerts/render.ts";
import { BUDGET_REMAINING } from "../../components/platformAlerts/rules/burnRates.ts";
import { isAlert, type Rule } from "../../components/platformAlerts/rules/rule.ts";
import { ensureToolchain } from "../../rehearsal/toolchain/toolchain.ts";
import { mcpCases } from "../promtool/cases/mcp.ts";
import { modelCases } from "../promtool/cases/models.ts";
import { nodeCases } from "../promtool/cases/nodes.ts";
import { objectiveCases, recordCases } from "../promtool/cases/objectives.ts";
import { platformCases } from "../promtool/cases/platform.ts";
import { workloadCases } from "../promtool/cases/workloads.ts";
import { ALL_GROUPS } from "../promtool/everything.ts";
import { testFile } from "../promtool/file.ts";

const run = promisify(execFile);

const rules = ALL_GROUPS.flatMap((group): readonly Rule[] => group.rules);
const alertCases = [
  ...objectiveCases,
  ...mcpCases,
  ...modelCases,
  ...nodeCases,
  ...workloadCases,
  ...platformCases,
];

let promtool: string;
beforeAll(async () => {
  promtool = join((await ensureToolchain()).bin, "promtool");
});

/** Writes the rules to a folder of the test's own, a file a group. */
async function ruleFiles(): Promise<{ folder: string; files: Map<string, string> }> {
  const folder = await mkdtemp(join(tmpdir(), "rules-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = new Map<string, string>();
  for (const group of ALL_GROUPS) {
    const file = join(folder, `${group.name}.yaml`);
    // At the usual interval: the cases look earlier than after the budget's quarter of an hour.
    await writeFile(file, prometheusRules([{ ...group, intervalMinutes: 1 }]));
    files.set(group.name, file);
  }
  return { folder, files };
}

test("promtool takes every rule", async () => {
  const { files } = await ruleFiles();
  const { stdout } = await run(promtool, ["check", "rules", "--lint=all", "--lint-fatal", ...files.values()]);
  const found = [...stdout.matchAll(/SUCCESS: (\d+) rules found/g)].map(([, count]) => Number(count));
  expect(found.reduce((sum, each) => sum + each, 0)).toBe(rules.length);
});

test.each(ALL_GROUPS.map(({ name }) => name))(
  "promtool sees the alerts of %s fire when they should, and only then, and its series recorded",
  async (name) => {
    const { folder, files } = await ruleFiles();
    const ofGroup = ALL_GROUPS.find((group) => group.name === name)?.rules ?? [];
    const alerts = alertCases.filter((it) =>
      ofGroup.some((rule) => isAlert(rule) && rule.alert === it.alert),
    );
    const records = recordCases.filter((it) => ofGroup.some((rule) => isRecordOf(rule, it)));
    const tests = join(folder, "tests.yaml");
    await writeFile(tests, testFile(files.get(name) ?? "", rules, alerts, records));
    const { stdout, stderr } = await run(promtool, ["test", "rules", tests], { maxBuffer: 2 ** 26 }).catch(
      (error) => error,
    );
    expect(stdout + stderr).not.toMatch(/FAILED|error/i);
    expect(stdout).toContain("SUCCESS");
  },
);

function isRecordOf(rule: Rule, { record, objective }: { record: string; objective: string }): boolean {
  return !isAlert(rule) && rule.record === record && rule.labels?.["objective"] === objective;
}

test.each(rules.filter(isAlert).map(({ alert }) => alert))("%s has a case of each kind", (alert) => {
  const cases = alertCases.filter((each) => each.alert === alert);
  expect(cases.filter(({ fires }) => fires.length > 0)).not.toHaveLength(0);
  expect(cases.filter(({ fires }) => fires.length === 0)).not.toHaveLength(0);
});

test("each recorded series has two cases, with different values", () => {
  const recorded = rules.flatMap((rule) =>
    isAlert(rule) ? [] : [`${rule.record} of ${rule.labels?.["objective"]}`],
  );
  for (const name of recorded) {
    const cases = recordCases.filter(({ record, objective }) => `${record} of ${objective}` === name);
    expect(
      new Set(cases.flatMap(({ samples }) => samples.map(({ value }) => value))).size,
      name,
    ).toBeGreaterThan(1);
  }
  expect(recorded).toContain(`${BUDGET_REMAINING} of mcp-latency`);
});
