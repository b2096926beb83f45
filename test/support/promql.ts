import { parser } from "@prometheus-io/lezer-promql";

type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

/** A series' selector in a query. */
export interface Selector {
  /** The name, written plainly or as `{__name__="..."}`. */
  metric: string;
  /** The labels that its matchers name. */
  labels: string[];
}

/** What a query names. */
export interface QueryParts {
  selectors: Selector[];
  /** Labels in by, without, on, ignoring and group_left. */
  grouping: string[];
}

/** Reads a PromQL expression; throws with the place when it isn't one. */
export function readPromql(promql: string): QueryParts {
  const tree = parser.parse(promql);
  const parts: QueryParts = { selectors: [], grouping: [] };
  const text = (node: SyntaxNode) => promql.slice(node.from, node.to);
  tree.iterate({
    enter: ({ type, node, from }) => {
      if (type.isError) {
        throw new Error(`not PromQL at ${from} ("${promql.slice(from, from + 20)}"): ${promql}`);
      }
      if (type.name === "VectorSelector") parts.selectors.push(selectorOf(node, text));
      if (type.name === "GroupingLabels") parts.grouping.push(...node.getChildren("LabelName").map(text));
    },
  });
  return parts;
}

function selectorOf(node: SyntaxNode, text: (node: SyntaxNode) => string): Selector {
  const plain = node.getChild("Identifier");
  const matchers = node.getChild("LabelMatchers");
  const named = (matchers?.getChildren("UnquotedLabelMatcher") ?? []).map((matcher) => ({
    label: text(matcher.getChild("LabelName") as SyntaxNode),
    value: text(matcher.getChild("StringLiteral") as SyntaxNode).slice(1, -1),
  }));
  const quoted = matchers?.getChild("QuotedLabelName");
  const metric =
    plain === null
      ? (named.find(({ label }) => label === "__name__")?.value ?? (quoted ? text(quoted).slice(1, -1) : ""))
      : text(plain);
  return { metric, labels: named.map(({ label }) => label).filter((label) => label !== "__name__") };
}

/** The names of the series that a query reads, each once. */
export function metricsOf(promql: string): string[] {
  return [...new Set(readPromql(promql).selectors.map(({ metric }) => metric))];
}
