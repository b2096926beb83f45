import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { countOrZero, share } from "../../components/dashboards/promql.ts";
import { legendLabels, plainScope, prometheusQuery, SECTIONS } from "../../components/dashboards.ts";
import { ensureToolchain } from "../../rehearsal/toolchain/toolchain.ts";
import { exportedSeries } from "../promtool/exported.ts";

/** What panels are made of, where the series of a platform that works well say it. */
const parts = [
  {
    id: "share of what never happened",
    promql: share('mcp_guard_calls_total{outcome="timeout"}', "mcp_guard_calls_total", "5m", ["server"]),
    labels: ["server"],
  },
  { id: "count of nothing", promql: countOrZero("mcp_guard_breaker_state == 7"), labels: [] },
];

const queries = SECTIONS.flatMap(({ panels }) => panels).flatMap((panel) => {
  const query = prometheusQuery(panel);
  if (query === undefined) return [];
  return [{ id: panel.id, promql: query.promql(plainScope("aks-dev")), labels: legendLabels(query.legend) }];
});

const asked = [...queries, ...parts];

interface Sample {
  labels: Record<string, string>;
  value: number;
}

/**
 * What Prometheus answers to each query, two hours after the first value. promtool only compares, so that each query
 * is said to answer nothing: what it finds instead is in the complaint.
 */
async function answers(promtool: string): Promise<Map<string, Sample[]>> {
  const folder = await mkdtemp(join(tmpdir(), "dashboards-"));
  try {
    const file = join(folder, "queries.yaml");
    const tests = asked.map(({ promql }) => ({ expr: promql, eval_time: "2h", exp_samples: [] }));
    const input = { interval: "1m", input_series: exportedSeries(), promql_expr_test: tests };
    await writeFile(file, stringify({ rule_files: [], evaluation_interval: "1m", tests: [input] }));
    const complaint = await new Promise<string>((resolve) => {
      const options = { maxBuffer: 16 * 2 ** 20 };
      execFile(promtool, ["test", "rules", file], options, (_, stdout, stderr) => resolve(stdout + stderr));
    });
    return new Map(asked.map(({ id, promql }) => [id, samplesIn(complaint, promql)]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads `expr: "…", time: 2h, exp: nil, got: {a="b"} 1, {a="c"} 2` for one query. */
function samplesIn(complaint: string, promql: string): Sample[] {
  const begin = complaint.indexOf(`expr: ${JSON.stringify(promql)}`);
  if (begin < 0) return [];
  const end = complaint.indexOf("expr: ", begin + 6);
  const found = complaint.slice(begin, end < 0 ? undefined : end).split("got:")[1] ?? "";
  return [...found.matchAll(/(\w[\w:]*)?\{([^}]*)\} ([-+.\deE]+|NaN|[-+]?Inf)/g)].map(
    ([, , labels = "", value]) => ({
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
      ),
      value: Number(value),
    }),
  );
}

let answered: Map<string, Sample[]>;
beforeAll(async () => {
  answered = await answers(join((await ensureToolchain()).bin, "promtool"));
});

describe("Prometheus answers the dashboard's queries", () => {
  test.each(asked.map((query) => [query.id, query] as const))(
    "%s, with a number and its legend",
    (id, query) => {
      const samples = answered.get(id) ?? [];
      expect(samples).not.toEqual([]);
      for (const { labels, value } of samples) {
        expect(Number.isFinite(value)).toBe(true);
        // A subject has a server or a workspace, not both.
        const named = query.labels.filter((label) => labels[label] !== undefined);
        expect(named.length).toBeGreaterThanOrEqual(Math.min(1, query.labels.length));
        expect(Object.keys(labels).every((label) => query.labels.includes(label))).toBe(true);
      }
    },
  );

  test.each([
    ["nodes-not-ready", 1],
    ["pods-not-ready", 1],
    ["targets-down", 7],
    ["node-cpu", 0.25],
    ["node-memory", 0.75],
    ["volumes", 0.25],
    ["call-rate", 5 / 60],
    ["breakers-open", 1],
    // Of 4 calls that count one failed; what was denied doesn't count.
    ["failures-by-server", 0.25],
    // 19 of 20 lie nine tenths of the way between half a second and one.
    ["call-latency", 0.95],
    ["engine-failure-rate", 0.25],
    ["autoscaler-room", 0.25],
    ["model-errors", 0.25],
    ["prefix-cache", 0.25],
    ["gpu-memory", 0.75],
    ["gpu-idle", 1],
    ["gateway-latency", 0.00095],
    ["certificates", 10],
    ["requested-cpu", 0.25],
    ["nodes-by-pool", 1],
    ["share of what never happened", 0],
    ["count of nothing", 0],
  ])("%s with the right number", (id, value) => {
    const [sample] = answered.get(id) ?? [];
    expect(sample?.value).toBeCloseTo(value, 6);
  });
});
