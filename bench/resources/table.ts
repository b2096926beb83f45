import { markdownTable } from "../section.ts";
import { defaults } from "./defaults.ts";
import type { Measurements } from "./subject.ts";

/** The table of docs/sizing.md: what was measured beside what is asked for. */
export function tableOf({ programs }: Measurements): string {
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
  return markdownTable(headings, rows);
}
