import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SCRAPE_JOBS } from "../../components/clusterMonitoring/scrapeJobs.ts";
import { JOBS, metricOfSeries } from "../../components/metrics.ts";
import { monitoringNames } from "../../components/platformMonitoring/names.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { metricsOf } from "../support/promql.ts";

const text = readFileSync(new URL("../../docs/monitoring.md", import.meta.url), "utf8");
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);
const tableOf = (head: string) => {
  const from = text.indexOf(head);
  expect(from).toBeGreaterThan(0);
  const rows = text.slice(from).split("\n\n", 1)[0]?.split("\n").slice(2) ?? [];
  return rows.map((line) => line.split("|").map((cell) => cell.trim()));
};

describe("docs/monitoring.md", () => {
  it.each(blocks("yaml"))("has a sample that the schema takes:\n%s", (sample) => {
    const { "mcpaas:monitoring": monitoring, ...others }: Record<string, unknown> = parse(sample);
    expect(others).toEqual({});
    expect(parseSettings({ location: "eastus", monitoring }, "dev").monitoring.enabled).toBe(true);
  });

  it.each(blocks("promql"))("has a query on metrics that there are:\n%s", (query) => {
    const metrics = metricsOf(query);
    expect(metrics.length).toBeGreaterThan(0);
    for (const metric of metrics)
      expect([metric, metricOfSeries(metric)]).toEqual([metric, expect.anything()]);
  });

  it("has every job, with its port", () => {
    const rows = tableOf("| job | what | port |");
    const ports = rows.flatMap(([, jobs = "", , port = ""]) =>
      [...jobs.matchAll(/`([^`]+)`/g)].map(([, job = ""]) => [job, port] as const),
    );
    expect(ports.map(([job]) => job).sort()).toEqual([...JOBS].sort());
    for (const [job, port] of ports) {
      const own = SCRAPE_JOBS[job as keyof typeof SCRAPE_JOBS];
      expect([job, port]).toEqual([job, own === undefined ? "" : String(own.port)]);
    }
  });

  it("calls what is made as it is called", () => {
    const made = tableOf("| what | name | for |")
      .map(([, , name = ""]) => name)
      .join(" ");
    const { grafana: _, ...names } = monitoringNames("<cluster>", "<region>");
    for (const name of Object.values(names)) expect(made).toContain(`\`${name}\``);
  });
});
