import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { alertsMarkdown, allAlerts } from "../../../components/platformAlerts/list.ts";
import { LATENCY_LIMITS, objectivesOf } from "../../../components/platformAlerts/objectives.ts";
import { indicators } from "../../../components/platformAlerts/rules/indicators.ts";
import { thresholdsOf } from "../../../components/platformAlerts/rules.ts";
import { ALL_GROUPS, EVERYTHING } from "../../promtool/everything.ts";

const docs = join(import.meta.dirname, "../../../docs");

const HEAD = `# All alerts

What a platform can have; what it hasn't got isn't watched. How they work stands
in [alerting.md](alerting.md). This list is made from the rules
(\`components/platformAlerts\`), with the usual objectives and thresholds;
\`npx vitest run test/components/platformAlerts/list.test.ts -u\` writes it anew.

`;

it("docs/alerts.md lists every alert as it is", async () => {
  const text = `${HEAD}${alertsMarkdown(allAlerts(ALL_GROUPS, thresholdsOf()))}\n`;
  await expect(text).toMatchFileSnapshot(join(docs, "alerts.md"));
});

it("docs/alerting.md knows all objectives", () => {
  const text = readFileSync(join(docs, "alerting.md"), "utf8");
  for (const { objective } of indicators(objectivesOf(), EVERYTHING))
    expect(text).toContain(`| \`${objective}\` |`);
  expect(LATENCY_LIMITS.mcp).toContain(5);
  expect(LATENCY_LIMITS.mcp as readonly number[]).not.toContain(4);
});
