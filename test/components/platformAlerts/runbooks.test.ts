import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { allAlerts } from "../../../components/platformAlerts/list.ts";
import { thresholdsOf } from "../../../components/platformAlerts/rules.ts";
import { runbookPath, runbookUrl } from "../../../components/platformAlerts/runbooks.ts";
import manifest from "../../../package.json" with { type: "json" };
import { settingRows } from "../../../stacks/settings/table.ts";
import { ALL_GROUPS } from "../../promtool/everything.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "docs/runbooks");
const alerts = allAlerts(ALL_GROUPS, thresholdsOf());
const files = readdirSync(folder).sort();

/** The sections of a runbook by their anchors. */
function sections(file: string): Map<string, string> {
  const [, ...parts] = readFileSync(join(root, file), "utf8").split(/^## /m);
  return new Map(parts.map((part) => [(part.split("\n")[0] ?? "").toLowerCase().replaceAll(" ", "-"), part]));
}

describe("runbooks", () => {
  it.each(alerts.map((alert) => [alert.alert, alert] as const))(
    "%s has one, with all that helps",
    (_, alert) => {
      const [file = "", anchor = ""] = runbookPath(alert).split("#");
      const section = sections(file).get(anchor);
      expect(section, runbookPath(alert)).toBeDefined();
      for (const part of ["Meaning", "Check", "Mend"])
        expect(section).toMatch(new RegExp(`^\\*\\*${part}\\.\\*\\*(\\s|$)`, "m"));
    },
  );

  it("are for alerts that exist", () => {
    const known = new Set(alerts.map(runbookPath));
    const written = files.flatMap((file) =>
      [...sections(`docs/runbooks/${file}`).keys()].map((anchor) => `docs/runbooks/${file}#${anchor}`),
    );
    expect(written.filter((path) => !known.has(path))).toEqual([]);
  });

  it.each(files)("%s names npm scripts and settings that exist", (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const scripts = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script = ""]) => script);
    expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
    const keys = settingRows().map(({ key }) => key);
    const top = new Set(keys.map((key) => key.split(".")[0]));
    const named = [...text.matchAll(/`([a-zA-Z]+(?:\.(?:\*|\w+))+)(?:: \w+)?`/g)]
      .map(([, key = ""]) => key)
      .filter((key) => top.has(key.split(".")[0]));
    const missing = named.filter((key) => !keys.some((each) => each === key || each.startsWith(`${key}.`)));
    expect(missing).toEqual([]);
  });

  it.each(files)("%s leads to files and headings that exist", (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\(((?!https:)[^)\s]+)\)/g)) {
      const [path = "", anchor] = target.split("#");
      const found = path === "" ? join(folder, file) : join(dirname(join(folder, file)), path);
      expect(existsSync(found), target).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...readFileSync(found, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
        heading
          .toLowerCase()
          .replace(/[^\w\s-]/g, "")
          .replaceAll(" ", "-"),
      );
      expect(headings, target).toContain(anchor);
    }
  });

  it("are linked below an address, or named by their path", () => {
    const alert = { alert: "McpBreakerOpen", runbook: "mcp" } as const;
    expect(runbookUrl(alert, undefined)).toBe("docs/runbooks/mcp.md#mcpbreakeropen");
    expect(runbookUrl(alert, "https://git.example/blob/main/")).toBe(
      "https://git.example/blob/main/docs/runbooks/mcp.md#mcpbreakeropen",
    );
  });
});
