import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createContext, runInContext } from "node:vm";

const resolve = createRequire(import.meta.url).resolve;

/** The part of Microsoft's parser that is used here; its lists aren't arrays. */
interface Parser {
  KustoCode: {
    Parse(query: string): { GetDiagnostics(): { Count: number; getItem(index: number): Diagnostic } };
  };
}

interface Diagnostic {
  Code: string;
  Severity: string;
  Message: string;
  Start: number;
}

let loaded: Parser | undefined;

/** The parser expects to be in a browser's page, with one global object for all: it gets one of its own. */
function parser(): Parser {
  if (loaded === undefined) {
    const page = createContext({});
    for (const script of ["bridge.min.js", "Kusto.Language.Bridge.min.js"]) {
      const file = resolve(`@kusto/language-service-next/${script}`);
      runInContext(readFileSync(file, "utf8"), page, { filename: file });
    }
    loaded = (page as { Kusto: { Language: Parser } }).Kusto.Language;
  }
  return loaded;
}

/** What is wrong with a query of Kusto, in the words of Microsoft's parser. Tables and columns aren't looked at. */
export function kqlProblems(query: string): string[] {
  const found = parser().KustoCode.Parse(query).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, index) => found.getItem(index)).map(
    ({ Code, Severity, Message, Start }) =>
      `${Severity} ${Code}: ${Message} at "${query.slice(Start, Start + 20)}"`,
  );
}
