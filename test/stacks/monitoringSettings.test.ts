import { describe, expect, it } from "vitest";
import { exportsGpuMetrics, keepsLogs, keepsMetrics } from "../../stacks/settings/monitored.ts";
import { parseSettings, SettingsError } from "../../stacks/settings.ts";

const parse = (monitoring: object, rest: object = {}) =>
  parseSettings({ location: "eastus", ...rest, monitoring }, "dev", () => true);

function problemsOf(monitoring: object, rest: object = {}): string[] {
  try {
    parse(monitoring, rest);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map((text) => text.replaceAll("\n", " |"));
    throw error;
  }
  return [];
}

const ON = { enabled: true };
const POOL = { cluster: { gpuPool: { preferredSkus: ["Standard_NC24ads_A100_v4"] } } };
const OPERATED = {
  cluster: { gpuPool: { ...POOL.cluster.gpuPool, driver: "None" } },
  kaito: { devicePlugin: "none", gpuFeatureDiscovery: "none" },
};
const OFF = { cluster: { gpuPool: { enabled: false } }, kaito: { mode: "off" } };

describe("the settings of monitoring", () => {
  it("are off where nothing is said, and with one word have logs, metrics and no Grafana", () => {
    const off = parse({});
    expect([off.monitoring.enabled, keepsLogs(off), keepsMetrics(off), exportsGpuMetrics(off)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    const on = parse(ON);
    expect([keepsLogs(on), keepsMetrics(on), on.monitoring.grafana.enabled]).toEqual([true, true, false]);
    expect(on.monitoring.logs).toMatchObject({ retentionDays: 30, preset: "logs" });
    expect(on.monitoring.logs.clusterCategories).not.toContain("kube-audit");
  });

  it.each<[string, object, object, boolean]>([
    ["a pool with AKS's driver", ON, POOL, true],
    ["a pool of the GPU operator", ON, OPERATED, false],
    ["no GPUs", ON, OFF, false],
    ["a pool, and metrics off", { ...ON, metrics: { enabled: false } }, POOL, false],
    ["a pool, and another exporter", { ...ON, gpu: { enabled: false } }, POOL, false],
    ["all of it, and monitoring off", {}, POOL, false],
  ])("run an exporter of GPU metrics with %s: %s", (_, monitoring, rest, expected) => {
    expect(exportsGpuMetrics(parse(monitoring, rest))).toBe(expected);
  });

  it.each<[string, object, object, RegExp]>([
    [
      "neither logs nor metrics",
      { ...ON, logs: { enabled: false }, metrics: { enabled: false } },
      {},
      /monitoring\.logs\.enabled .*true for one of them, or monitoring\.enabled false/,
    ],
    [
      "a Grafana of nothing",
      { ...ON, metrics: { enabled: false }, grafana: { enabled: true } },
      {},
      /monitoring\.grafana\.enabled .*false without monitoring\.metrics/,
    ],
    [
      "an exporter that nobody asks",
      { ...ON, metrics: { enabled: false }, gpu: { enabled: true } },
      {},
      /monitoring\.gpu\.enabled .*which would ask it/,
    ],
    [
      "two exporters on one node",
      { ...ON, gpu: { enabled: true } },
      OPERATED,
      /monitoring\.gpu\.enabled .*the pool gpu has the driver "None"/,
    ],
    [
      "a category twice",
      { ...ON, logs: { clusterCategories: ["guard", "guard"] } },
      {},
      /monitoring\.logs\.clusterCategories .*guard is there twice/,
    ],
    [
      "a category that there isn't",
      { ...ON, logs: { clusterCategories: ["audit"] } },
      {},
      /monitoring\.logs\.clusterCategories/,
    ],
    [
      "the namespace of another",
      { ...ON, gpu: { namespace: "models" } },
      POOL,
      /monitoring\.gpu\.namespace .*another namespace than modelNamespace/,
    ],
    [
      "an exporter under the standard that it can't meet",
      ON,
      { ...POOL, podSecurityExemptions: { gpuMetrics: { standard: "restricted" } } },
      /podSecurityExemptions\.gpuMetrics\.standard .*runs as root; or set monitoring\.gpu\.enabled to false/,
    ],
    [
      "scrapes too far apart for rates",
      { ...ON, metrics: { intervalSeconds: 61 } },
      {},
      /metrics\.intervalSeconds/,
    ],
    ["a retention that Azure has not", { ...ON, logs: { retentionDays: 7 } }, {}, /logs\.retentionDays/],
  ])("refuse %s", (_, monitoring, rest, expected) => {
    const problems = problemsOf(monitoring, rest);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it("ask nothing of what is off", () => {
    expect(problemsOf({ metrics: { enabled: false }, grafana: { enabled: true } })).toEqual([]);
    const standard = { podSecurityExemptions: { gpuMetrics: { standard: "restricted" } } };
    expect(problemsOf(ON, { ...OFF, ...standard })).toEqual([]);
  });
});
