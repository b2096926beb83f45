import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { SECTIONS } from "../components/dashboards.ts";
import { auditAlerts, LOGS_CAPPED, quotaQuery } from "../components/platformAlerts/logAlerts.ts";
import { kqlProblems } from "./support/kql.ts";

const root = join(import.meta.dirname, "..");
const SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";

const panels = SECTIONS.flatMap(({ panels }) => panels).flatMap(({ id, query }): [string, string][] => {
  if ("kql" in query) return [[id, query.kql]];
  if (!("resources" in query)) return [];
  return [
    [id, query.resources("eastus")],
    [`${id}, of all regions`, query.resources(undefined)],
  ];
});

const alerts = [...auditAlerts("mcp", { silenceHours: 6 }), LOGS_CAPPED].map(
  ({ alert, query }): [string, string] => [alert, query],
);

const documented = globSync("{docs/**/*.md,README.md,servers/*/README.md}", {
  cwd: root,
  exclude: ["**/node_modules"],
}).flatMap((file) => {
  const blocks = readFileSync(join(root, file), "utf8").matchAll(/^ *```(?:kusto|kql)\n(.*?)^ *```/gms);
  return [...blocks].map(([, block = ""], index): [string, string] => [`${file} ${index + 1}`, block]);
});

describe("Microsoft's parser of KQL", () => {
  // It is large: who waits for it the first time is nobody's test.
  beforeAll(() => void kqlProblems("Usage"), 60_000);

  it("is asked about what there is", () => {
    expect([panels, alerts, documented].map(({ length }) => length > 2)).toEqual([true, true, true]);
  });

  it.each(panels)("takes the query of the panel %s", (_, query) => {
    expect(kqlProblems(query)).toEqual([]);
  });

  it.each([...alerts, ["QuotaHeadroomLow", quotaQuery(SUBSCRIPTION, "eastus")]])(
    "takes the query of the alert %s",
    (_, query) => {
      expect(kqlProblems(query)).toEqual([]);
    },
  );

  it.each(documented)("takes the query in %s", (_, query) => {
    expect(kqlProblems(query)).toEqual([]);
  });

  it("refuses what isn't KQL, and names that KQL keeps for itself", () => {
    expect(kqlProblems("Usage | wher true")).not.toEqual([]);
    expect(kqlProblems("Usage | summarize last = max(TimeGenerated)")).toEqual([
      expect.stringContaining("KS228: The name 'last' needs to be bracketed"),
    ]);
  });
});
