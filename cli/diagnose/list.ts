import { type KindKey, type Kinds, kinds, listPath } from "./kinds.ts";
import type { Answer, Reader } from "./reader.ts";
import { shaped } from "./shapes.ts";
import type { Listing } from "./snapshot.ts";

const PAGE = 500;

/**
 * All objects of a kind. Who may not list it in all namespaces gets those of the given ones.
 *
 * @param namespaces to fall back on
 */
export async function listAll<K extends KindKey>(
  reader: Reader,
  kind: K,
  namespaces: readonly string[],
): Promise<Listing<Kinds[K]>> {
  const whole = await pages(reader, kind);
  if (whole.ok) return { items: whole.body, state: "read" };
  const { refusal, message } = whole;
  if (refusal !== "forbidden" || !kinds[kind].namespaced || namespaces.length === 0) {
    return { items: [], state: refusal, message };
  }
  const parts = await Promise.all(
    namespaces.map(async (namespace) => ({ namespace, answer: await pages(reader, kind, namespace) })),
  );
  const read = parts.filter(({ answer }) => answer.ok);
  if (read.length === 0) return { items: [], state: "forbidden", message };
  return {
    items: read.flatMap(({ answer }) => (answer.ok ? answer.body : [])),
    state: "partial",
    namespaces: read.map(({ namespace }) => namespace),
    message,
  };
}

interface Page {
  items?: unknown[] | null;
  metadata?: { continue?: string };
}

async function pages<K extends KindKey>(
  reader: Reader,
  kind: K,
  namespace?: string,
): Promise<Answer<Kinds[K][]>> {
  const path = listPath(kind, namespace);
  const items: Kinds[K][] = [];
  for (let from = ""; ; ) {
    const query = { limit: String(PAGE), ...(from === "" ? {} : { continue: from }) };
    const answer = await reader.get(path, { query });
    if (!answer.ok) {
      // The list has become too old to be continued: it is asked for again, in one piece.
      return answer.refusal === "expired" ? once(reader, kind, path) : answer;
    }
    const page = answer.body as Page;
    // Page by page, so that what isn't kept of one is gone before the next comes.
    items.push(...(page.items ?? []).map((item) => shaped(kind, item)));
    from = page.metadata?.continue ?? "";
    if (from === "") return { ok: true, body: items };
  }
}

async function once<K extends KindKey>(reader: Reader, kind: K, path: string): Promise<Answer<Kinds[K][]>> {
  const answer = await reader.get(path);
  if (!answer.ok) return answer;
  return { ok: true, body: ((answer.body as Page).items ?? []).map((item) => shaped(kind, item)) };
}
