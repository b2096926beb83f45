import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { knownKeys, rowAt } from "./table.ts";

/** What zod found, as text for the person who wrote the settings: one block a problem. */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  isSecret: (topLevelKey: string) => boolean,
): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => unknownKey(issue.path, key));
    }
    return [wrongValue(issue, input, isSecret)];
  });
}

function wrongValue(
  issue: z.core.$ZodIssue,
  input: unknown,
  isSecret: (topLevelKey: string) => boolean,
): string {
  const badName = issue.code === "invalid_key";
  const row = rowAt(badName ? issue.path.slice(0, -1) : issue.path);
  const found = valueAt(input, issue.path);
  const allowed = issue.code === "custom" ? issue.message : (row?.allowed ?? issue.message);
  const secret = isHidden(issue.path, isSecret) || (issue.code === "custom" && issue.params?.["secret"]);
  const shown = secret ? "a secret" : show(found);
  return [
    keyOf(issue.path),
    `  found    ${badName ? `the name ${JSON.stringify(issue.path.at(-1))}` : shown}`,
    `  allowed  ${allowed}`,
    ...(row?.example === undefined ? [] : [`  example  ${row.example}`]),
  ].join("\n");
}

/** A key in PEM: a secret wherever it stands, and the only one below its top-level key. */
const PRIVATE_KEY = "privateKey";
const SECRET_BY_KEY = "ingress";

/** Whether what was found must not be shown. */
function isHidden(path: readonly PropertyKey[], isSecret: (topLevelKey: string) => boolean): boolean {
  if (path.includes(PRIVATE_KEY)) return true;
  const [top, ...below] = path;
  return isSecret(String(top)) && !(top === SECRET_BY_KEY && below.length > 0);
}

function unknownKey(path: readonly PropertyKey[], key: string): string {
  const known = knownKeys(path);
  const nearest = known.length > 0 ? closest(key, known) : undefined;
  // Half of its letters wrong is no misspelling any more.
  const likely = nearest !== undefined && distance(key, nearest) <= Math.max(2, key.length / 2);
  return [
    keyOf([...path, key]),
    `  found    a key that doesn't exist${likely ? `; did you mean "${nearest}"?` : ""}`,
    `  allowed  ${known.join(", ")}`,
  ].join("\n");
}

/** A path as it stands in Pulumi.<stack>.yaml: "mcpaas:cluster.zones[0]". */
function keyOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return `mcpaas:${text.slice(1)}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? (value as Record<PropertyKey, unknown>)[key as string]
        : undefined,
    input,
  );
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value, (key, inner) => (key === PRIVATE_KEY ? "a secret" : inner));
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
