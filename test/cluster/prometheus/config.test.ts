import { expect, test } from "vitest";
import { parse } from "yaml";
import { prometheusConfig } from "../../../rehearsal/cluster/prometheus/config.ts";
import { durationOf, ruleFile } from "../../../rehearsal/cluster/prometheus/rules.ts";

const options = { cluster: "aks-1", kubeconfig: "/k", proxy: "http://127.0.0.1:1", ruleFile: "/rules.yaml" };

test("the agent's jobs are Prometheus' own, which finds pods as the agent and reaches them through the proxy", () => {
  const relabel = { source_labels: ["__meta_kubernetes_pod_name"], regex: "(.*)", target_label: "pod" };
  const text = JSON.stringify({
    global: { scrape_interval: "30s" },
    scrape_configs: [
      {
        job_name: "mcp-guard",
        honor_labels: true,
        scrape_interval: "60s",
        kubernetes_sd_configs: [{ role: "pod", namespaces: { names: ["mcp"] } }],
        relabel_configs: [{ ...relabel, replacement: "$$1" }],
      },
      { job_name: "static", static_configs: [{ targets: ["10.0.0.1:1"] }] },
    ],
  });
  const often = { scrape_interval: "5s", scrape_timeout: "5s" };
  const cluster = { target_label: "cluster", replacement: "aks-1" };
  expect(parse(prometheusConfig(text, options))).toEqual({
    global: often,
    rule_files: ["/rules.yaml"],
    scrape_configs: [
      {
        ...{ job_name: "mcp-guard", honor_labels: true, ...often, proxy_url: options.proxy },
        kubernetes_sd_configs: [{ role: "pod", namespaces: { names: ["mcp"] }, kubeconfig_file: "/k" }],
        relabel_configs: [{ ...relabel, replacement: "$1" }, cluster],
      },
      {
        ...{ job_name: "static", ...often, proxy_url: options.proxy, relabel_configs: [cluster] },
        static_configs: [{ targets: ["10.0.0.1:1"] }],
      },
    ],
  });
});

test("without the agent's ConfigMap nothing is scraped", () => {
  expect(parse(prometheusConfig(undefined, options))).toMatchObject({ scrape_configs: [] });
});

test("Azure's rule groups are Prometheus' own, but for those that are switched off", () => {
  const group = { enabled: true, interval: "PT1M", clusterName: "aks-1" };
  const alert = { alert: "Down", expression: "up == 0", for: "PT5M", severity: 2, annotations: { a: "b" } };
  const actions = [{ actionGroupId: "/subscriptions/x" }];
  const text = ruleFile([
    {
      ...{ ...group, name: "on" },
      rules: [
        { record: "job:up", expression: "avg(up)", labels: { l: "v" }, enabled: true },
        { ...alert, actions, labels: { s: "t" } },
        { ...alert, alert: "Off", enabled: false },
      ],
    },
    { ...group, name: "off", enabled: false, rules: [alert] },
  ]);
  expect(parse(text)).toEqual({
    groups: [
      {
        name: "on",
        interval: "1m",
        rules: [
          { record: "job:up", expr: "avg(up)", labels: { l: "v" } },
          { alert: "Down", expr: "up == 0", for: "5m", labels: { s: "t" }, annotations: { a: "b" } },
        ],
      },
    ],
  });
});

test.each([
  ["PT1M", "1m"],
  ["PT1H30M", "1h30m"],
  ["P1DT12H", "1d12h"],
  ["PT0S", "0s"],
])("%s is %s", (iso, duration) => {
  expect(durationOf(iso)).toBe(duration);
});

test.each(["", "P", "PT", "1m", "P1M"])("%j is no duration", (text) => {
  expect(() => durationOf(text)).toThrow(/no duration/);
});
