import { block, code, folded, tableOf } from "./markdown.ts";
import { amount, signed } from "./money.ts";
import type { Change, Kind, Summary } from "./summary.ts";

/** Messages of the engine that are shown of one preview, and of them the newest. */
const MESSAGES = 10;
/** Properties that are named of one resource. */
const PROPERTIES = 8;
/** Resources that are named of one piece of advice. */
const NAMES = 12;

/**
 * What one stack's preview says: what fails and what is lost first, what comes and changes last.
 *
 * @param most lines of each list; how many are left out is said
 */
export function sectionOf(summary: Summary, most: number): string {
  const { stack, ok, changes, same, warnings, refresh } = summary;
  const of = (...kinds: Kind[]) => changes.filter(({ kind }) => kinds.includes(kind));
  const parts = [
    `### ${code(stack)}${ok ? "" : ": the preview failed"}`,
    ...messages("Errors", summary.errors, most),
    ...losses(of("replace", "delete"), refresh ? "Gone" : "Replaced and deleted", most),
    ...gone(of("create"), most),
    // Without the program there is nothing that policies could judge, or that could cost more.
    ...(summary.refresh
      ? []
      : [...policies(summary, most), ...vmSizes(summary, most), ...cost(summary, most)]),
    ...list(refresh ? "Changed by hand or by Azure" : "Updated", of("update"), most, true),
    ...list("Created", of("create", "import"), most, false),
    ...list("Other operations", of("read", "other"), most, false),
    ...(warnings.length > 0
      ? [folded(`Warnings (${warnings.length})`, messages("", warnings, most).join("\n\n"))]
      : []),
    ...(changes.length === 0 && ok ? [`Nothing changes; ${same} resources stay as they are.`] : []),
  ];
  return parts.join("\n\n");
}

function messages(heading: string, texts: readonly string[], most: number): string[] {
  const shown = texts.slice(0, Math.min(MESSAGES, most));
  if (texts.length === 0) return [];
  return [
    ...(heading === "" ? [] : [`**${heading}**`]),
    ...shown.map(block),
    ...leftOut(texts.length, shown.length),
  ];
}

/** Replacements before deletions, and each with what holds data first. */
function losses(changes: readonly Change[], heading: string, most: number): string[] {
  if (changes.length === 0) return [];
  const rank = ({ kind, data }: Change) => (data === undefined ? 2 : 0) + (kind === "replace" ? 0 : 1);
  const sorted = changes.toSorted((a, b) => rank(a) - rank(b));
  const rows = sorted
    .slice(0, most)
    .map((change) => [
      change.kind === "replace" ? "replaced" : change.gone ? "gone" : "deleted",
      code(change.name),
      code(change.type),
      [
        ...(change.data ? [`**holds data: ${change.data}**`] : []),
        ...(change.protected ? ["protected, so that this fails"] : []),
        ...(change.retained ? ["stays in place, out of the stack"] : []),
      ].join("; "),
      reason(change),
    ]);
  return [
    `**${heading}**`,
    ...(rows.length > 0 ? [tableOf(["", "resource", "type", "", "because of"], rows)] : []),
    ...leftOut(changes.length, rows.length),
  ];
}

function reason({ kind, because, gone }: Change): string {
  if (gone) return "somebody deleted it";
  if (because.length > 0) return names(because);
  return kind === "replace" ? "what it depends on" : "the program doesn't have it";
}

function gone(created: readonly Change[], most: number): string[] {
  const missing = created.filter((each) => each.gone);
  if (missing.length === 0) return [];
  const rows = missing.slice(0, most).map(({ name, type }) => [code(name), code(type)]);
  return [
    "**Gone, and would be made anew**",
    ...(rows.length > 0 ? [tableOf(["resource", "type"], rows)] : []),
    ...leftOut(missing.length, rows.length),
  ];
}

function policies({ policies: found }: Summary, most: number): string[] {
  if (found === undefined) {
    return ["**Policies**: unknown. Only a stream of events has them; `preview:comment --help` says how."];
  }
  const { violations } = found;
  const packs = Object.entries(found.packs).map(([name, version]) =>
    // A pack that is given as a folder is reported as `org|local|folder`.
    code(`${name.split("|").at(-1)} ${version}`),
  );
  if (violations.length === 0) {
    return [
      packs.length > 0 ? `**Policies**: ${packs.join(", ")} found nothing.` : "**Policies**: no pack ran.",
    ];
  }
  const advised = violations.filter(({ level }) => level === "advisory");
  const refused = violations.filter(({ level }) => level !== "advisory");
  const shown = refused.slice(0, most);
  return [
    `**Policies**${packs.length > 0 ? ` (${packs.join(", ")})` : ""}`,
    ...shown.map(
      ({ level, policy, name, message }) =>
        `- **${code(level)}**: ${code(policy)}${name ? ` on ${code(name)}` : ""}\n\n${indented(block(message))}`,
    ),
    ...leftOut(refused.length, shown.length),
    ...(advised.length > 0 ? [folded(`Advised (${advised.length})`, advice(advised, most))] : []),
  ];
}

type Violations = NonNullable<Summary["policies"]>["violations"];

/** A rule with all that it advises on, and the words that it has for the first of them. */
function advice(violations: Violations, most: number): string {
  const rules = [...Map.groupBy(violations, ({ policy }) => policy)];
  const shown = rules.slice(0, most).map(([policy, found]) => {
    const names = [...new Set(found.flatMap(({ name }) => name || []))];
    const on = names.length > 0 ? ` on ${shortList(names, NAMES)}` : "";
    return `- ${code(policy)}${on}\n\n${indented(block(found[0]?.message ?? ""))}`;
  });
  return [...shown, ...leftOut(rules.length, shown.length)].join("\n\n");
}

function vmSizes({ vmSizes: selections }: Summary, most: number): string[] {
  if (selections.length === 0) return [];
  const pools = selections.flatMap(({ pools, verified }) => pools.map((pool) => ({ ...pool, verified })));
  const chosen = pools.map(({ pool, chosen }) => `${code(pool)} ${code(chosen)}`).join(", ");
  // What would have done as well is many lines, and no news.
  const told = pools.map(({ pool, verdicts }) => ({
    pool,
    verdicts: verdicts.filter(({ code, chosen }) => chosen || code !== "ok"),
    spare: verdicts.filter(({ code, chosen }) => !chosen && code === "ok").length,
  }));
  const rows = told.flatMap(({ pool, verdicts }) =>
    verdicts.map(({ vmSize, code: verdict, reason, chosen }) => [
      code(pool),
      chosen ? `**${code(vmSize)}**` : code(vmSize),
      code(verdict),
      code(reason),
    ]),
  );
  const shown = rows.slice(0, most);
  const doubtful = told.flatMap(({ pool, verdicts }) =>
    verdicts.flatMap(({ vmSize, code: verdict, reason, chosen }) =>
      chosen && verdict !== "ok"
        ? [`- ${code(pool)} stays ${code(vmSize)}, but ${code(verdict)}: ${code(reason)}`]
        : [],
    ),
  );
  const spare = told.flatMap(({ pool, spare }) => (spare > 0 ? [`${code(pool)} ${spare}`] : []));
  return [
    `**VM sizes**: ${chosen}${pools.every(({ verified }) => verified) ? "" : " (not verified by Azure)"}`,
    ...(doubtful.length > 0 ? [doubtful.slice(0, most).join("\n")] : []),
    ...(shown.length > 0
      ? [
          folded(
            "Verdicts on each candidate",
            [
              tableOf(["pool", "VM size", "verdict", "reason"], shown),
              ...leftOut(rows.length, shown.length),
              ...(spare.length > 0 ? [`More that would do: ${spare.join(", ")}.`] : []),
            ].join("\n\n"),
          ),
        ]
      : []),
  ];
}

function cost({ cost: found }: Summary, most: number): string[] {
  if (found === undefined) return ["**Cost**: unknown."];
  const { change, after, region, unknownMore, unknownLess } = found;
  const unknown = [
    ...(unknownMore.length > 0 ? [`without a price come: ${shortList(unknownMore, most)}`] : []),
    ...(unknownLess.length > 0 ? [`without a price go: ${shortList(unknownLess, most)}`] : []),
  ];
  return [
    [
      `**Cost** a month, list prices in ${code(region)}: at rest ${signed(change.rest)} USD (then`,
      `${amount(after.rest)}), at full scale ${signed(change.full)} USD (then`,
      `${amount(after.full)})${unknown.length > 0 ? `; ${unknown.join("; ")}` : ""}.`,
    ].join(" "),
  ];
}

function list(heading: string, changes: readonly Change[], most: number, properties: boolean): string[] {
  if (changes.length === 0) return [];
  const shown = changes.slice(0, most);
  const headings = ["resource", "type", ...(properties ? ["properties"] : [])];
  const rows = shown.map((change) => [
    code(change.name),
    code(change.type),
    ...(properties ? [names(change.properties)] : []),
  ]);
  const content = [
    ...(rows.length > 0 ? [tableOf(headings, rows)] : []),
    ...leftOut(changes.length, shown.length),
  ];
  return [folded(`${heading} (${changes.length})`, content.join("\n\n"))];
}

function names(paths: readonly string[]): string {
  return shortList(paths, PROPERTIES);
}

function shortList(texts: readonly string[], most: number): string {
  const shown = texts.slice(0, most);
  const more = texts.length - shown.length;
  return [...shown.map(code), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function leftOut(all: number, shown: number): string[] {
  return all > shown ? [`${all - shown} of ${all} are left out here.`] : [];
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
