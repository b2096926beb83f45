import type { Section } from "../panel.ts";

/**
 * The guards' audit lines: one JSON object a call. What is `dynamic` in ContainerLogV2 can be a text that holds one,
 * which is why it is parsed again. Source of the fields: servers/guard/audit.ts.
 */
const LINES = [
  "ContainerLogV2",
  '| where ContainerName == "guard"',
  "| extend line = parse_json(tostring(LogMessage))",
  "| where tobool(line.audit)",
  "| extend caller = tostring(line.caller), server = tostring(line.server), tool = tostring(line.tool)",
  "| extend outcome = tostring(line.outcome)",
];

export const audit: Section = {
  id: "audit",
  title: "Who calls what",
  about: "The audit of MCP calls, from the guards' logs: every call has a line with its caller.",
  needs: "logs",
  panels: [
    {
      id: "callers",
      title: "Callers",
      tells: "Who called which server, how often, and how often it was refused or failed.",
      kind: "table",
      unit: "count",
      width: 12,
      query: {
        kql: [
          ...LINES,
          '| summarize calls = count(), denied = countif(outcome == "denied"), ' +
            'other = countif(outcome !in ("ok", "denied")), latest = max(TimeGenerated) by caller, server',
          "| order by calls desc",
          "| take 50",
        ].join("\n"),
        columns: ["caller", "server", "calls", "denied", "other", "latest"],
      },
    },
    {
      id: "denied",
      title: "Denied calls",
      tells:
        "Calls of tools that the caller has no right to. A curious model, a wrong role, or somebody who tries.",
      kind: "table",
      unit: "count",
      width: 12,
      runbook: "audit",
      query: {
        kql: [
          ...LINES,
          '| where outcome == "denied"',
          "| project TimeGenerated, caller, server, tool",
          "| order by TimeGenerated desc",
          "| take 50",
        ].join("\n"),
        columns: ["TimeGenerated", "caller", "server", "tool"],
      },
    },
  ],
};
