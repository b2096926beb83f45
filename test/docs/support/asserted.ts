import ts from "typescript";

/** Shorter matches say nothing: "tools" is in every other line. */
const LEAST = 8;

/** A test's title, or a group's, with the texts and patterns that its assertions look for. */
export interface Asserted {
  title: string;
  patterns: (string | RegExp)[];
}

/** The tests and groups of a test file, as far as their titles are plain texts. */
export function assertedBy(source: string): Asserted[] {
  const file = ts.createSourceFile("a.test.ts", source, ts.ScriptTarget.Latest, true);
  const found: Asserted[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node) && /^(test|it|describe)\b/.test(node.expression.getText(file))) {
      const [title, body] = node.arguments;
      if (title && body && ts.isStringLiteralLike(title)) {
        found.push({ title: title.text, patterns: literals(node, file) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The texts in arguments of `expect` and of waiting for something, and every pattern: patterns do nothing else. */
function literals(test: ts.CallExpression, file: ts.SourceFile): (string | RegExp)[] {
  const found: (string | RegExp)[] = [];
  const visit = (node: ts.Node, isAsserted: boolean) => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      found.push(new RegExp(node.text.slice(1, end), `${node.text.slice(end + 1).replace("g", "")}g`));
    } else if (isText(node) && isAsserted) {
      found.push(node.text);
    }
    const asserts =
      isAsserted ||
      (ts.isCallExpression(node) && /^(expect\b|stage\.until$)/.test(node.expression.getText(file)));
    ts.forEachChild(node, (child) => visit(child, asserts));
  };
  visit(test, false);
  return found;
}

/** A text, or a part of one with other values in it. */
function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node)
  );
}

/** The lines of a symptom that nothing looks for; a line of three dots stands for lines that are left out. */
export function unasserted(symptom: string, patterns: readonly (string | RegExp)[]): string[] {
  const ranges = patterns.flatMap((pattern) => rangesOf(symptom, pattern));
  let start = 0;
  return symptom.split("\n").filter((line) => {
    const [from, to] = [start, start + line.length];
    start = to + 1;
    return !/^\s*(\.\.\.)?$/.test(line) && !ranges.some(([begin, end]) => begin < to && end > from);
  });
}

function rangesOf(text: string, pattern: string | RegExp): [number, number][] {
  const quoted = (words: string) => words.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const search = typeof pattern === "string" ? new RegExp(quoted(pattern), "g") : pattern;
  return [...text.matchAll(search)]
    .filter(([match]) => match.trim().length >= LEAST)
    .map((match) => [match.index, match.index + match[0].length]);
}
