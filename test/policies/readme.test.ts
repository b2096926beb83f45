import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rules } from "../../policies/rules.ts";
import { tables, withTables } from "../../policies/table.ts";

const folder = join(import.meta.dirname, "../../policies");
const readme = readFileSync(join(folder, "README.md"), "utf8");
const names = rules.map(({ name }) => name);

it("has the tables that the rules have; npm run tables -w policies writes them", () => {
  expect(withTables(readme)).toBe(readme);
  for (const name of names) expect(tables()["rules"]).toContain(`| \`${name}\` |`);
});

it("names rules and keys in its samples that exist", () => {
  const samples = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = ""]) => JSON.parse(text));
  expect(samples).toHaveLength(2);
  for (const sample of samples) {
    for (const [rule, config] of Object.entries(sample)) {
      const schema = rules.find(({ name }) => name === rule)?.configSchema?.properties;
      const keys = typeof config === "string" ? [] : Object.keys(config as object);
      expect(Object.keys({ enforcementLevel: {}, ...schema })).toEqual(expect.arrayContaining(keys));
      expect(names).toContain(rule);
    }
  }
});

it("is of a package that holds the compiled pack, and this repository's configuration stays here", () => {
  const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: folder });
  const [{ files }] = JSON.parse(String(listed)) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path).filter((path) => !path.startsWith("dist/"));
  expect(paths.sort()).toEqual(["PulumiPolicy.yaml", "README.md", "index.js", "package.json"]);
});
