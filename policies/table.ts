/** Writes the tables of README.md from the rules themselves: `npm run tables -w policies`. */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { schemasOf } from "./lib/facts.ts";
import { rules } from "./rules.ts";

/** Keys that every rule has, which stand in the text once. */
const COMMON = Object.keys(
  schemasOf(
    { name: "", displayName: "", severity: "low", demands: "", why: "", fix: "", config: {} },
    "report",
  ),
);

/** The tables by the name of the place in README.md where they stand. */
export function tables(): Record<string, string> {
  const facts = rules.map(({ name, enforcementLevel, severity, configSchema, description }) => ({
    name: `\`${name}\``,
    level: enforcementLevel === "advisory" ? "advises" : "stops",
    severity,
    demands: description,
    own: Object.entries(configSchema?.properties ?? {}).filter(([key]) => !COMMON.includes(key)),
    unknowns: configSchema?.properties["unknowns"]?.default,
  }));
  const rows = facts.map(({ name, level, severity, unknowns, demands }) => [
    name,
    level,
    severity ?? "",
    unknowns === "fail" ? "stops" : "advises",
    demands,
  ]);
  const keys = facts.flatMap(({ name, own }) =>
    own.map(([key, schema]) => [name, `\`${key}\``, defaultOf(schema.default), schema.description ?? ""]),
  );
  return {
    rules: table(["rule", "a violation", "severity", "an unknown", "what it demands, and why"], rows),
    configuration: table(["rule", "key", "default", "what it is"], keys),
  };
}

/** README.md's text with the tables that the rules have now. */
export function withTables(text: string): string {
  return Object.entries(tables()).reduce((now, [name, body]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!place.test(now)) throw new Error(`README.md has no place for the table ${name}`);
    return now.replace(place, (_, begin: string, end: string) => `${begin}\n${body}\n${end}`);
  }, text);
}

/** A default for people; long lists are in the rule's file. */
function defaultOf(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 60 ? `\`${text}\`` : "see the rule's file";
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const file = new URL("README.md", import.meta.url);
  writeFileSync(file, withTables(readFileSync(file, "utf8")));
}
