import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  logAgentSettings,
  metricsAgentSettings,
} from "../../../components/clusterMonitoring/agentSettings.ts";
import { seriesToKeep } from "../../../components/metrics.ts";

/** A section as the agent reads it: a line for each key. */
function linesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => {
        const at = line.indexOf(" = ");
        if (at < 0) throw new Error(`no line of settings: ${line}`);
        return [line.slice(0, at), line.slice(at + 3)];
      }),
  );
}

const cluster = (args: { intervalSeconds: number; minimal: boolean }) => {
  const { "cluster-metrics": text = "" } = metricsAgentSettings(args);
  const sections = parse(text) as Record<string, string>;
  return Object.fromEntries(Object.entries(sections).map(([name, lines]) => [name, linesOf(lines)]));
};

describe("the settings of the metrics' agent", () => {
  it("are of the schema that the agent reads", () => {
    expect(metricsAgentSettings({ intervalSeconds: 30, minimal: true })).toMatchObject({
      "schema-version": "v2",
      "config-version": "ver1",
    });
  });

  it("ask the default targets that are used, as often as told, and no others", () => {
    const sections = cluster({ intervalSeconds: 60, minimal: true });
    const enabled = Object.entries(sections["default-targets-scrape-enabled"] ?? {});
    const asked = enabled.filter(([, on]) => on === "true").map(([target]) => target);
    expect(asked.sort()).toEqual(["cadvisor", "kubelet", "kubestate", "nodeexporter"]);
    expect(enabled.map(([, on]) => on).every((on) => on === "true" || on === "false")).toBe(true);
    expect(sections["default-targets-scrape-interval-settings"]).toEqual({
      kubestate: '"60s"',
      cadvisor: '"60s"',
      kubelet: '"60s"',
      nodeexporter: '"60s"',
    });
  });

  it("leave GPUs to the exporter of this project", () => {
    const { "default-targets-scrape-enabled": enabled } = cluster({ intervalSeconds: 30, minimal: true });
    expect(enabled?.["dcgmexporter"]).toBe("false");
  });

  it("keep what Azure's minimal profile would drop and somebody uses", () => {
    const sections = cluster({ intervalSeconds: 30, minimal: true });
    expect(sections["minimal-ingestion-profile"]).toEqual({ enabled: "true" });
    const kept = sections["default-targets-metrics-keep-list"]?.["kubestate"] ?? "";
    expect(kept).toBe(`"${seriesToKeep("kube-state-metrics").join("|")}"`);
    expect(kept).toContain("kube_pod_status_ready");
  });

  it("keep everything on request", () => {
    const sections = cluster({ intervalSeconds: 30, minimal: false });
    expect(sections["minimal-ingestion-profile"]).toEqual({ enabled: "false" });
    expect(new Set(Object.values(sections["default-targets-metrics-keep-list"] ?? {}))).toEqual(
      new Set(['""']),
    );
  });

  it("say that the control plane's metrics aren't collected", () => {
    const { "controlplane-metrics": text = "" } = metricsAgentSettings({
      intervalSeconds: 30,
      minimal: true,
    });
    expect(parse(text)).toEqual({ "default-targets-scrape-enabled": "apiserver = false\netcd = false" });
  });
});

describe("the settings of the logs' agent", () => {
  it("leave out the output of the namespaces that are named, and variables of all", () => {
    const { "log-data-collection-settings": text = "", "schema-version": schema } = logAgentSettings([
      "a",
      "b",
    ]);
    expect(schema).toBe("v1");
    expect(text.match(/exclude_namespaces = \["a","b"\]/g)).toHaveLength(2);
    expect(text).toMatch(/env_var\]\n\s+enabled = false/);
    expect(text).toContain('containerlog_schema_version = "v2"');
    expect(logAgentSettings([])["log-data-collection-settings"]).toContain("exclude_namespaces = []");
  });
});
