import ts from "typescript";

/**
 * The doc comment of a declaration as Markdown, with its default in words: other languages know no `@default`.
 *
 * @returns undefined when there is none.
 */
export function descriptionOf(symbol: ts.Symbol, checker: ts.TypeChecker): string | undefined {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const tag = symbol.getJsDocTags(checker).find(({ name }) => name === "default");
  const standard = ts.displayPartsToString(tag?.text).replace(/^- /, "");
  const parts = [text, standard && `Default: ${standard}`].map((part) => part.trim()).filter(Boolean);
  return parts.length > 0 ? parts.join("\n\n") : undefined;
}
