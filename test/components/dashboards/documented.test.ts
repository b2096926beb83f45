import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SECTIONS } from "../../../components/dashboards.ts";

const docs = readFileSync(join(import.meta.dirname, "../../../docs/dashboards.md"), "utf8");

test.each(SECTIONS.map((section) => [section.id, section] as const))(
  "docs/dashboards.md shows %s and says what each of its panels tells, and nothing else",
  (id, { title, panels }) => {
    const [, part = ""] = docs.split(`### ${title}\n`);
    const [own = ""] = part.split(/\n##/);
    expect(own).toContain(`](pictures/dashboard-${id}.png)`);
    const rows = own
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .slice(2);
    expect(rows).toEqual(panels.map((panel) => `| ${panel.title} | ${panel.tells} |`));
  },
);
