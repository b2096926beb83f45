import { describe, expect, it } from "vitest";
import { EXECUTING_TOOLS } from "../../../components/innovationEngine/settings.ts";
import { guardSidecar } from "../../../components/mcpGuard/sidecar.ts";
import {
  AUDIT_COLUMNS,
  auditAlerts,
  DANGEROUS_TOOLS,
  LOGS_CAPPED,
  quotaAlert,
  quotaQuery,
  SILENCE_HOURS,
} from "../../../components/platformAlerts/logAlerts.ts";
import { createAudit, outcomes } from "../../../servers/guard/audit.ts";

const all = [
  ...auditAlerts("mcp", { silenceHours: 48 }),
  LOGS_CAPPED,
  { ...quotaAlert(20), query: quotaQuery("s", "eastus") },
];

/** A line as a guard writes it. */
function line(): Record<string, unknown> {
  let written = "";
  const audit = createAudit((text) => (written = text), { server: "echo", now: () => new Date(0) });
  audit({ caller: "team", roles: [], tool: "echo", argumentDigest: "0", outcome: "denied", latencyMs: 1 });
  return JSON.parse(written);
}

describe("queries on the audit", () => {
  it("read columns that the guard writes", () => {
    const written = line();
    for (const alert of auditAlerts("mcp", { silenceHours: 1 })) {
      const read = [...alert.query.matchAll(/\bline\.(\w+)/g)].map(([, column]) => column);
      expect(new Set(read)).toEqual(new Set(AUDIT_COLUMNS));
    }
    expect(AUDIT_COLUMNS.filter((column) => !(column in written))).toEqual([]);
    expect(written["audit"]).toBe(true);
  });

  it("look at the guard's container", () => {
    const image = "example.azurecr.io/guard:1";
    const { container } = guardSidecar(
      { image } as never,
      { port: 3000 },
      { configMapName: "c", configHash: "h" },
    );
    for (const { query } of auditAlerts("mcp"))
      expect(query).toContain(`ContainerName == "${container.name}"`);
  });

  it("compare with outcomes that the guard has", () => {
    const compared = auditAlerts("mcp").flatMap(({ query }) =>
      [...query.matchAll(/outcome [=!]= "([^"]+)"/g)].map(([, outcome]) => outcome),
    );
    expect(new Set(compared)).toEqual(new Set(["denied"]));
    expect(outcomes).toContain("denied");
  });

  it("know the tools that execute", () => {
    expect(DANGEROUS_TOOLS).toEqual(expect.arrayContaining([...EXECUTING_TOOLS]));
  });

  it("name tools as texts, whatever is in them", () => {
    const [, dangerous] = auditAlerts("mcp", { dangerousTools: ['a"b\\c', "d"] });
    expect(dangerous?.query).toContain('tool in ("a\\"b\\\\c", "d")');
  });

  it("are as many as are asked for", () => {
    const names = (args: Parameters<typeof auditAlerts>[1]) =>
      auditAlerts("mcp", args).map(({ alert }) => alert);
    expect(names({})).toEqual(["AuditDeniedCalls", "AuditDangerousTool", "AuditNewCaller"]);
    expect(names({ dangerousTools: [], newCallers: false })).toEqual(["AuditDeniedCalls"]);
    expect(names({ silenceHours: 24 })).toContain("AuditSilent");
  });

  it("look for new callers further back than they are asked, as lines arrive late", () => {
    const found = auditAlerts("mcp").find(({ alert }) => alert === "AuditNewCaller");
    expect(found?.every).toBe("PT1H");
    const [, minutes] = /seenFirst > ago\((\d+)m\)/.exec(found?.query ?? "") ?? [];
    expect(Number(minutes)).toBeGreaterThanOrEqual(70);
  });

  it.each(SILENCE_HOURS.map((hours) => [hours, hours < 24 ? `PT${hours}H` : `P${hours / 24}D`] as const))(
    "wait for %i h of silence as %s",
    (silenceHours, window) => {
      expect(auditAlerts("mcp", { silenceHours }).at(-1)).toMatchObject({
        window,
        operator: "LessThan",
        threshold: 1,
      });
    },
  );
});

describe("every query", () => {
  it.each(all.map((alert) => [alert.alert, alert] as const))(
    "%s is one that Azure takes in alerts",
    (_, alert) => {
      // Source: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-log-query
      expect(alert.query).toMatch(/^(ContainerLogV2|_LogOperation|arg\(""\)\.QuotaResources)\n\| /);
      expect(alert.query).not.toMatch(/\b(search|union|bag_unpack|pivot|narrow|take|AggregatedValue)\b/);
      expect(alert.dimensions?.length ?? 0).toBeLessThanOrEqual(6);
    },
  );

  it.each(all.map((alert) => [alert.alert, alert] as const))(
    "%s gives the columns that are told apart",
    (_, alert) => {
      const last =
        alert.query
          .split("\n")
          .filter((each) => /^\| (project|summarize)/.test(each))
          .at(-1) ?? "";
      for (const column of [...(alert.dimensions ?? []), ...(alert.measure ? [alert.measure] : [])]) {
        expect(last, `${column} in ${last}`).toMatch(new RegExp(`\\b${column}\\b`));
      }
    },
  );

  it("on quota asks for one subscription and region", () => {
    const query = quotaQuery("11111111-2222-3333-4444-555555555555", "eastus");
    expect(query).toContain(
      'subscriptionId =~ "11111111-2222-3333-4444-555555555555" and location =~ "eastus"',
    );
    expect(quotaAlert(20)).toMatchObject({ operator: "LessThan", threshold: 20, measure: "freePercent" });
  });
});
