import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaults } from "./defaults.ts";
import type { Measurements } from "./subject.ts";

const page = join(import.meta.dirname, "..", "..", "docs", "sizing.md");
const [begin, end] = ["<!-- measured: npm run measure -->", "<!-- end of what is measured -->"];

/** Writes the table of what was measured into docs/sizing.md. */
export function writeTable(measurements: Measurements): void {
  writeFileSync(page, pageWith(readFileSync(page, "utf8"), measurements));
}

/** The page with the table of these measurements. */
export function pageWith(text: string, measurements: Measurements): string {
  const [before, rest = ""] = text.split(begin);
  const [, after] = rest.split(end);
  if (after === undefined) throw new Error(`docs/sizing.md must have ${begin} and ${end}`);
  return `${before}${begin}\n\n${tableOf(measurements)}\n\n${end}${after}`;
}

function tableOf({ programs }: Measurements): string {
  const rows = Object.entries(defaults).flatMap(([component, { resources, measured = [] }]) =>
    measured.map((name) => {
      const found = programs[name];
      const { requests, limits } = resources;
      return [
        ...[name, component, found?.load ?? "not yet"],
        ...[`${found?.atRest.memoryMiB ?? "-"}`, `${found?.underLoad.memoryMiB ?? "-"}`],
        ...[`${found?.atRest.cpu ?? "-"}`, `${found?.underLoad.cpu ?? "-"}`],
        ...[`${requests.cpu}, ${requests.memory}`, `${limits.cpu ?? "none"}, ${limits.memory}`],
        found?.date ?? "",
      ];
    }),
  );
  const headings = [
    ...["program", "component", "load", "MiB at rest", "MiB under load"],
    ...["cores at rest", "cores under load", "requests", "limits", "measured"],
  ];
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}
