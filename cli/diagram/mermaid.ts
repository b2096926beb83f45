import type { Graph, Part } from "./graph.ts";

/** How many names a box has; the table below it has all of them. */
const NAMES = 4;

/** A graph as a diagram that GitHub shows. An arrow goes from what has to be there first. */
export function mermaidOf({ parts, edges }: Graph): string {
  const box = (part: Part) => `${idOf(part)}["${part.kind}<br/>${shortened(part.names)}"]`;
  const area = (place: Part["place"], title: string) => [
    `  subgraph ${place}["${title}"]`,
    ...parts.filter((part) => part.place === place).map((part) => `    ${box(part)}`),
    "  end",
  ];
  const azure = parts.some(({ place }) => place === "azure");
  return [
    "```mermaid",
    "flowchart LR",
    ...(azure ? area("azure", "Azure") : []),
    ...area("cluster", "in the cluster"),
    ...edges.map(([from, to]) => `  ${idOf(parts[from] as Part)} --> ${idOf(parts[to] as Part)}`),
    "```",
  ].join("\n");
}

/** What each part makes, as a table. */
export function tableOf({ parts }: Graph): string {
  return [
    "| part | named | makes |",
    "| --- | --- | --- |",
    ...parts.map(({ kind, names, makes }) => {
      const made = Object.entries(makes)
        .sort(([a], [b]) => a.localeCompare(b, "en"))
        .map(([type, count]) => `${count} ${short(type)}`);
      return `| \`${kind}\` | ${names.join(", ")} | ${made.join(", ")} |`;
    }),
  ].join("\n");
}

/** A type without its plugin and group: "Namespace", "AgentPool". */
function short(type: string): string {
  return type.split(":").at(-1) ?? type;
}

function shortened(names: readonly string[]): string {
  const more = names.length - NAMES;
  return more > 1 ? `${names.slice(0, NAMES).join(", ")} and ${more} more` : names.join(", ");
}

/** A name that Mermaid takes for a box. */
function idOf({ kind, names }: Part): string {
  return `${kind}_${names[0]}`.replaceAll(/[^A-Za-z0-9]+/g, "_");
}
