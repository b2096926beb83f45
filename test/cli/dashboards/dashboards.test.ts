import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { main } from "../../../cli/main.ts";
import { SECTIONS } from "../../../components/dashboards.ts";

async function run(...args: string[]) {
  const printed: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
  const error = vi.spyOn(console, "error").mockImplementation((text) => void printed.push(String(text)));
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  try {
    return { code: await main(["dashboards", ...args]), text: printed.join("\n") };
  } finally {
    for (const spy of [log, error, stderr]) spy.mockRestore();
  }
}

const workspace = "/subscriptions/s/resourceGroups/g/providers/microsoft.monitor/accounts/amw";

describe("mcpaas dashboards", () => {
  test("prints what Grafana imports", async () => {
    const { code, text } = await run("grafana", "--cluster", "aks-dev", "--title", "Ours");
    expect(code).toBe(0);
    const dashboard = JSON.parse(text) as { title: string; panels: { type: string; title: string }[] };
    expect(dashboard.title).toBe("Ours: aks-dev");
    const rows = dashboard.panels.filter(({ type }) => type === "row").map(({ title }) => title);
    const withoutAzure = SECTIONS.filter(({ needs }) => needs !== "quota" && needs !== "logs");
    expect(rows).toEqual(withoutAzure.map(({ title }) => title));
  });

  test("prints a workbook of the features that are named", async () => {
    const { code, text } = await run(
      "workbook",
      "--cluster",
      "c",
      "--metrics-workspace",
      workspace,
      "--features",
      "models",
    );
    expect(code).toBe(0);
    const names = (JSON.parse(text) as { items: { name: string }[] }).items.map(({ name }) => name);
    expect(names).toEqual(["title", "parameters", "section-health", "section-models", "section-cost"]);
  });

  test("draws the picture of a section, in a folder that it makes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dashboards-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const { code, text } = await run("pictures", join(folder, "new"), "--section", "audit");
    const file = join(folder, "new", "dashboard-audit.png");
    expect({ code, text }).toEqual({ code: 0, text: file });
    expect(readFileSync(file).subarray(1, 4).toString()).toBe("PNG");
  });

  test("says which file can't be written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dashboards-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "taken"), "");
    const { code, text } = await run("pictures", join(folder, "taken"), "--section", "audit");
    expect(code).toBe(1);
    expect(text).toContain(`cannot write ${join(folder, "taken", "dashboard-audit.png")}`);
  });

  test.each([
    [["grafana"], "--cluster"],
    [["workbook", "--cluster", "c"], "--metrics-workspace"],
    [["workbook", "--cluster", "c", "--metrics-workspace", "amw"], "An ARM id looks like"],
    [["grafana", "--cluster", "c", "--features", "models,magic"], '"magic" is none of mcp, search, models'],
    [["pictures", "--section", "weather"], "health, objectives, calls"],
    [["grafana", "--cluster", "c", "--subscription", "mine"], "32 hexadecimal digits"],
  ])("refuses %j", async (args, message) => {
    const { code, text } = await run(...args);
    expect({ code, text }).toEqual({ code: 2, text: expect.stringContaining(message) });
  });
});
