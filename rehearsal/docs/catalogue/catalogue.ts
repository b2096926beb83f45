import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { repository } from "../../workspace.ts";
import type { Tutorial } from "../tutorials.ts";
import { commands } from "./commands.ts";

/** Characters that say what a page is for. */
const ENOUGH = 50;

/** A document that is read and not executed. */
export interface Page {
  /** Its path from docs/. */
  path: string;
  title: string;
  /** Its first words. */
  purpose: string;
  /** The npm scripts that it shows. */
  entry: string[];
}

/** The pages of a folder below docs/, but for the catalogue itself. */
export function pagesOf(folder = ""): Page[] {
  const dir = join(repository, "docs", folder);
  const files = readdirSync(dir).filter((file) => file.endsWith(".md") && file !== "README.md");
  return files.sort().map((file) => pageOf(join(folder, file), readFileSync(join(dir, file), "utf8")));
}

/** What a page says of itself. */
export function pageOf(path: string, text: string): Page {
  const title = /^# (.+)$/m.exec(text)?.[1] ?? basename(path, ".md");
  const prose = text
    .replace(/^---\n.*?\n---\n/s, "")
    .split(/\n{2,}/)
    .map((part) => part.trim().replaceAll(/\s+/g, " "))
    .find((part) => /^([A-Z[]|`[^`])/.test(part));
  const scripts = [...text.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map(([, name = ""]) => name);
  // A runbook says what it is for by the alerts that it has.
  const parts = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading).join(", ");
  return {
    path,
    title,
    purpose: path.startsWith("runbooks/") ? parts : opening(prose ?? ""),
    entry: [...new Set(scripts)].sort(),
  };
}

/** The catalogue's own parts of docs/README.md, by their marks. */
export function partsOf(tutorials: readonly Tutorial[], scripts: readonly string[]): Record<string, string> {
  return {
    flows: flows(tutorials),
    needs: needs(tutorials),
    pages: table(
      ["page", "purpose", "commands"],
      pagesOf().map(({ path, title, purpose, entry }) => [link(title, path), purpose, codes(entry)]),
    ),
    runbooks: list("runbooks"),
    decisions: list("decisions"),
    commands: table(
      ["command", "for"],
      [...scripts].sort().map((name) => [`\`npm run ${name}\``, commands[name] ?? ""]),
    ),
  };
}

/** A text with a part between its marks; undefined when it has none. */
export function withPart(text: string, name: string, part: string): string | undefined {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  return from < 0 || to < from
    ? undefined
    : `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
}

function flows(tutorials: readonly Tutorial[]): string {
  return table(
    ["flow", "purpose", "entry points", "prerequisites", "minutes", "USD an hour"],
    tutorials.map(({ name, title, metadata }) => [
      link(title, `tutorials/${name}.md`),
      metadata.purpose,
      codes(metadata.entry),
      metadata.needs.map((need) => link(need, `tutorials/${need}.md`)).join(", "),
      String(metadata.minutes),
      metadata.usdPerHour === 0 ? "nothing more" : metadata.usdPerHour.toFixed(2),
    ]),
  );
}

/** What a flow builds on, without what follows from other arrows. */
function needs(tutorials: readonly Tutorial[]): string {
  const byName = new Map(tutorials.map((each) => [each.name, each.metadata.needs]));
  const all = (name: string): string[] => (byName.get(name) ?? []).flatMap((need) => [need, ...all(need)]);
  return [
    "```mermaid",
    "flowchart LR",
    ...tutorials.map(({ name, title }) => `  ${id(name)}["${title.replaceAll('"', "'")}"]`),
    ...tutorials.flatMap(({ name, metadata }) =>
      metadata.needs
        .filter((need) => !metadata.needs.some((other) => other !== need && all(other).includes(need)))
        .map((need) => `  ${id(need)} --> ${id(name)}`),
    ),
    "```",
  ].join("\n");
}

function list(folder: string): string {
  return table(
    ["page", "about"],
    pagesOf(folder).map(({ title, path, purpose }) => [link(title, path), purpose]),
  );
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The first sentences, enough of them to say something, without the targets of their links. */
function opening(text: string): string {
  const plain = text.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1").replace(/:$/, ".");
  let said = "";
  for (const each of plain.split(/(?<=[.?!]) (?=[A-Z`])/)) {
    if (said.length >= ENOUGH) break;
    said = said === "" ? each : `${said} ${each}`;
  }
  return said;
}

function link(text: string, target: string): string {
  return `[${text}](${target})`;
}

function codes(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(", ");
}

function id(name: string): string {
  return name.replaceAll("-", "_");
}
