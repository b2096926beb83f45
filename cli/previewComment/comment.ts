import { code, tableOf } from "./markdown.ts";
import { signed } from "./money.ts";
import { sectionOf } from "./section.ts";
import type { Change, Summary } from "./summary.ts";

/** What a comment is about besides the stacks. */
export interface Circumstances {
  /** Tells comments of several previews on one pull request apart. @default "default" */
  key?: string;
  /** The commit that was previewed. */
  commit?: string;
  /** Where the whole output is. */
  url?: string;
  /** Bytes that are kept free for what comes after it. @default 0 */
  reserve?: number;
}

/**
 * The most that a comment may have. GitHub refuses a body of more than 65,536 characters; counted are bytes here,
 * of which there are never fewer.
 */
export const LIMIT = 65_536;

/** How many lines a list may have, tried in this order until the comment fits. */
const LENGTHS = [Number.POSITIVE_INFINITY, 400, 200, 100, 50, 25, 10, 5, 2, 0];

/** The line by which a comment is found again. */
export function markerOf(key = "default"): string {
  return `<!-- mcpaas-preview:${key} -->`;
}

/** A comment for a pull request, in Markdown, of at most {@link LIMIT} bytes. */
export function commentOf(summaries: readonly Summary[], about: Circumstances = {}): string {
  const room = LIMIT - (about.reserve ?? 0);
  const fits = (text: string) => Buffer.byteLength(text) <= room;
  for (const most of LENGTHS) {
    const text = assembled(summaries, about, (summary) => sectionOf(summary, most));
    if (fits(text)) return text;
  }
  // Not even a line a list: what remains is the table, and as many sections as have room.
  const note = "> [!NOTE]\n> There is too much to say of this stack in one comment.";
  const bare = assembled(summaries, about, ({ stack }) => `### ${code(stack)}\n\n${note}`);
  return fits(bare)
    ? bare
    : `${Buffer.from(bare)
        .subarray(0, room - 64)
        .toString()}\n\n(cut)`;
}

function assembled(
  summaries: readonly Summary[],
  { key, commit, url }: Circumstances,
  section: (summary: Summary) => string,
): string {
  const drift = summaries.length > 0 && summaries.every(({ refresh }) => refresh);
  const from = [
    ...(commit ? [`of ${code(commit.slice(0, 12))}`] : []),
    ...(url ? [`[whole output](${encodeURI(url)})`] : []),
  ].join(", ");
  return [
    markerOf(key),
    `## ${drift ? "Drift" : "Preview"}: ${summaries.length === 0 ? "no stack is affected" : headline(summaries)}`,
    ...(summaries.length === 0 || drift ? [] : [overview(summaries)]),
    ...summaries.map(section),
    `<sub>Made by \`npm run preview:comment\`${from && `, ${from}`}. Values of properties aren't shown.</sub>`,
  ].join("\n\n");
}

function headline(summaries: readonly Summary[]): string {
  const failed = summaries.filter(({ ok }) => !ok).length;
  // What is protected isn't touched, and what is retained stays where it is.
  const lost = ({ data, protected: kept, retained }: Change) => data !== undefined && !kept && !retained;
  const data = summaries.flatMap(({ changes }) => changes).filter(lost).length;
  const parts = [
    ...(failed > 0 ? [`${failed} of ${summaries.length} failed`] : []),
    ...(data > 0 ? [`data is lost in ${data} ${data === 1 ? "resource" : "resources"}`] : []),
  ];
  const changed = summaries.flatMap(({ changes }) => changes).length;
  if (parts.length > 0) return parts.join(", ");
  if (summaries.every(({ refresh }) => refresh)) return changed > 0 ? `${changed} resources differ` : "none";
  return changed > 0 ? "no data is lost" : "nothing changes";
}

function overview(summaries: readonly Summary[]): string {
  return tableOf(
    ["stack", "preview", "replaced", "deleted", "created", "updated", "policies", "USD a month"],
    summaries.map((summary) => [
      code(summary.stack),
      summary.ok ? "ok" : "**failed**",
      loud(count(summary.changes, "replace")),
      loud(count(summary.changes, "delete")),
      String(count(summary.changes, "create")),
      String(count(summary.changes, "update")),
      policyWords(summary),
      summary.cost ? `${signed(summary.cost.change.rest)} to ${signed(summary.cost.change.full)}` : "unknown",
    ]),
  );
}

function policyWords({ policies }: Summary): string {
  if (policies === undefined) return "unknown";
  if (Object.keys(policies.packs).length === 0 && policies.violations.length === 0) return "no pack ran";
  const refused = policies.violations.filter(({ level }) => level !== "advisory").length;
  const advised = policies.violations.length - refused;
  const parts = [...(refused ? [`**${refused} refused**`] : []), ...(advised ? [`${advised} advised`] : [])];
  return parts.join(", ") || "passed";
}

function count(changes: readonly Change[], kind: Change["kind"]): number {
  return changes.filter((each) => each.kind === kind).length;
}

function loud(number: number): string {
  return number > 0 ? `**${number}**` : "0";
}
