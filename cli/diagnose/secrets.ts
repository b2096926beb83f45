import type { Reader } from "./reader.ts";
import type { SecretFacts } from "./snapshot.ts";
import type { Subject } from "./subject.ts";

/**
 * The API server's own table of a Secret: name, type, number of keys, and the metadata. No other form is accepted,
 * so that the data is never sent.
 */
const AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

interface Table {
  kind?: string;
  columnDefinitions?: { name?: string }[];
  rows?: { cells?: unknown[]; object?: { metadata?: { managedFields?: ManagedFields[] } } }[];
}

interface ManagedFields {
  fieldsV1?: { "f:data"?: Record<string, unknown>; "f:stringData"?: Record<string, unknown> };
}

/** What can be said of a Secret without reading it. */
export async function readSecret(reader: Reader, namespace: string, name: string): Promise<SecretFacts> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
  const answer = await reader.get(path, { accept: AS_TABLE });
  if (!answer.ok) {
    return answer.refusal === "absent" ? { state: "missing" } : { state: "unknown", message: answer.message };
  }
  const { kind, columnDefinitions = [], rows = [] } = answer.body as Table;
  const [row] = rows;
  if (kind !== "Table" || row === undefined)
    return { state: "unknown", message: "the API server makes no table" };
  const type = row.cells?.[columnDefinitions.findIndex((column) => column.name === "Type")];
  const keys = keysOf(row.object?.metadata?.managedFields);
  return {
    state: "there",
    ...(typeof type === "string" ? { type } : {}),
    ...(keys ? { keys } : {}),
  };
}

/** The API server notes which fields each client has set, by name and without their values. */
function keysOf(managed: readonly ManagedFields[] | undefined): string[] | undefined {
  if (managed === undefined || managed.length === 0) return undefined;
  const names = managed.flatMap(({ fieldsV1 = {} }) => [
    ...Object.keys(fieldsV1["f:data"] ?? {}),
    ...Object.keys(fieldsV1["f:stringData"] ?? {}),
  ]);
  return [...new Set(names.filter((name) => name.startsWith("f:")).map((name) => name.slice(2)))].sort();
}

/** The Secrets that subjects name, as "namespace/name". */
export function secretsNamedBy(subjects: readonly Subject[]): string[] {
  const names = subjects.flatMap((subject) => namesIn(subject).map((name) => `${subject.namespace}/${name}`));
  return [...new Set(names)];
}

function namesIn({ workspace, set, mcp, pods }: Subject): string[] {
  const inference = workspace?.inference ?? set?.spec?.template?.inference;
  const tuning = workspace?.tuning;
  return [
    inference?.preset?.presetOptions?.modelAccessSecret,
    ...(inference?.adapters ?? []).flatMap(({ source }) => source?.imagePullSecrets ?? []),
    tuning?.output?.imagePushSecret,
    ...(tuning?.input?.imagePullSecrets ?? []),
    ...(mcp?.spec?.deployment?.secretRefs ?? []).map(({ name }) => name),
    ...pods.flatMap(({ spec }) => (spec?.imagePullSecrets ?? []).map(({ name }) => name)),
  ].flatMap((name) => name || []);
}
