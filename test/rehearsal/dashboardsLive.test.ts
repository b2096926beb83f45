import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { plainScope, prometheusQuery, SECTIONS } from "../../components/dashboards.ts";
import { queryPrometheus } from "../../rehearsal/cluster/prometheus/query.ts";
import { ensureToolchain } from "../../rehearsal/toolchain/toolchain.ts";
import { connect, guardedFixture } from "../servers/guard/helpers.ts";
import { metricsOf } from "../support/promql.ts";

/** Panels that show refusals only, of which this guard has none. */
const OF_REFUSALS = ["limits", "authentication-failures"];

const panels = SECTIONS.flatMap(({ panels }) => panels).flatMap((panel) => {
  const promql = prometheusQuery(panel)?.promql(plainScope("aks-dev")) ?? "";
  const ofGuards = metricsOf(promql || "up").every((name) => name.startsWith("mcp_guard_"));
  return ofGuards && !OF_REFUSALS.includes(panel.id) ? [{ id: panel.id, promql }] : [];
});

/** A Prometheus that scrapes one guard each second, with the labels that a cluster's scrape adds. */
async function prometheusFor(guard: URL): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "prometheus-"));
  const file = join(folder, "prometheus.yaml");
  const labels = { cluster: "aks-dev", namespace: "mcp", pod: "fixture-0" };
  const job = { job_name: "mcp-guard", static_configs: [{ targets: [guard.host], labels }] };
  await writeFile(file, stringify({ global: { scrape_interval: "1s" }, scrape_configs: [job] }));
  const program = join((await ensureToolchain()).bin, "prometheus");
  const prometheus = spawn(
    program,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--web.listen-address=127.0.0.1:0",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = new Promise((resolve) => prometheus.once("close", resolve));
  onTestFinished(async () => {
    prometheus.kill();
    await ended;
    await rm(folder, { recursive: true });
  });
  for await (const line of createInterface(prometheus.stderr)) {
    const address = /"Listening on".*address=(\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      prometheus.stderr.resume();
      return `http://${address}`;
    }
  }
  throw new Error("Prometheus ended before it listened");
}

test("a real Prometheus that scrapes a real guard answers every panel of MCP calls and search engines", async () => {
  expect(panels.length).toBeGreaterThan(12);
  const search = { tool: "search", enginesArgument: "engines", engines: ["bing", "brave"], fallback: true };
  const { front, fixture } = await guardedFixture({ search });
  fixture.engines["bing"] = "fails";
  const endpoint = await prometheusFor(front.managementUrl);
  const client = await connect(front.url);

  const silent = async () => {
    // Rates need calls between two scrapes.
    await client.callTool({ name: "echo", arguments: { message: "hello" } });
    await client.callTool({ name: "fail" });
    await client.callTool({ name: "search", arguments: { query: "cats" } });
    const answers = await Promise.all(panels.map(({ promql }) => queryPrometheus(endpoint, promql)));
    return panels.filter((_, index) => answers[index]?.length === 0).map(({ id }) => id);
  };
  await expect.poll(silent, { timeout: 120_000, interval: 500 }).toEqual([]);

  const engines = await queryPrometheus(
    endpoint,
    panels.find(({ id }) => id === "engine-failure-rate")?.promql ?? "",
  );
  expect(engines.map(({ labels, value }) => [labels["engine"], value])).toEqual(
    expect.arrayContaining([
      ["bing", 1],
      ["brave", 0],
    ]),
  );
});
