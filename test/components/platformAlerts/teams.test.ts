import { describe, expect, it } from "vitest";
import { TEAMS_WORKFLOW } from "../../../components/platformAlerts/teams.ts";

/** Every text of the card, by the facts' titles or by its place. */
const [{ content }] = TEAMS_WORKFLOW.actions.post.inputs.body.attachments as unknown as [
  { content: { body: { text?: string; facts?: { title: string; value: string }[] }[] } },
];
const [title = "", summary = ""] = content.body.map(({ text }) => text ?? "");
const facts = content.body.flatMap((block) => block.facts ?? []);
const fact = (name: string) => facts.find((each) => each.title === name)?.value ?? "";

/**
 * What Azure sends, as far as the card reads it.
 * Source: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-payload-samples
 */
const METRICS = {
  essentials: {
    monitorCondition: "Fired",
    alertRule: "prom-aks-workloads/PodNotReady",
    severity: "Sev2",
    description: "One pod",
    configurationItems: ["aks"],
  },
  alertContext: {
    labels: { namespace: "mcp", pod: "echo-1" },
    annotations: { summary: "echo-1 isn't ready.", runbook_url: "docs/runbooks/workloads.md#podnotready" },
  },
};
const LOGS = {
  essentials: { ...METRICS.essentials, alertRule: "log-aks-AuditDeniedCalls", description: "A caller asks" },
  alertContext: {
    properties: { runbook_url: "docs/runbooks/audit.md#auditdeniedcalls" },
    condition: { allOf: [{ dimensions: [{ name: "caller", value: "team" }] }] },
  },
};

/** What a Logic App makes of an expression's places: the first that is there. */
function shown(expression: string, data: unknown): unknown {
  const places = [...expression.matchAll(/triggerBody\(\)\?\['data'\]((?:\?\[(?:'\w+'|\d+)\])+)/g)];
  const values = places.map(([, path = ""]) =>
    [...path.matchAll(/\?\[(?:'(\w+)'|(\d+))\]/g)].reduce<unknown>(
      (at, [, key, index]) => (at as Record<string, unknown> | undefined)?.[key ?? index ?? ""],
      data,
    ),
  );
  return values.find((value) => value !== undefined);
}

describe("the card of Teams", () => {
  it.each([
    ["metrics", METRICS, "echo-1 isn't ready.", "echo-1"],
    ["logs", LOGS, "A caller asks", "team"],
  ])("has summary, runbook and subject of alerts on %s", (_, data, about, subject) => {
    expect(shown(title, data)).toBe("Fired");
    expect(shown(summary, data)).toBe(about);
    expect(shown(fact("Runbook"), data)).toMatch(/^docs\/runbooks\//);
    expect(JSON.stringify(shown(fact("What"), data))).toContain(subject);
    expect(shown(fact("On"), data)).toEqual(["aks"]);
  });

  it("does without what isn't there", () => {
    const expressions = [title, summary, ...facts.map(({ value }) => value)].flatMap(
      (text) => text.match(/@\{[^}]*\}/g) ?? [],
    );
    expect(expressions.length).toBeGreaterThan(6);
    expect(expressions.filter((expression) => !expression.includes("coalesce("))).toEqual([]);
  });
});
