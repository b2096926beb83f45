import { posix } from "node:path";
import type { Catalogue } from "../catalogue.ts";
import type { ParsedDocument } from "./document.ts";
import { DocumentError, type DocumentReader, digestOf } from "./reader.ts";

/** Which document: one of both. */
export interface DocumentChoice {
  /** Name in the catalogue. */
  name?: string;
  /** The document itself. */
  content?: string;
}

/** A document that another one names under "## Prerequisites". */
export interface Prerequisite {
  /** As it is written. */
  link: string;
  /** Where it is in the catalogue; undefined when it isn't there. */
  name?: string;
  document?: ParsedDocument;
}

/** A document with all that it needs, as of one moment. */
export interface PreparedDocument {
  /** Name in the catalogue, or "(inline)". */
  name: string;
  /** Its title, or else its name. */
  title: string;
  digest: string;
  document: ParsedDocument;
  prerequisites: Prerequisite[];
  /** What to write into a folder for `ie`, by path. */
  files: { path: string; content: string }[];
  /** The path of the document itself among them. */
  path: string;
}

/** More would be a small text that asks for a large answer: all of each is in it, as often as it is named. */
const maxPrerequisites = 32;

const inlineName = "(inline)";
// Hidden, so that no document of the catalogue is called the same.
const inlinePath = ".inline.md";

/** Finds a document and what it refers to; throws a `DocumentError` when there is none. */
export async function prepareDocument(
  { name, content }: DocumentChoice,
  { catalogue, reader, maxBytes }: { catalogue: Catalogue; reader: DocumentReader; maxBytes: number },
): Promise<PreparedDocument> {
  if ((name === undefined) === (content === undefined)) {
    throw new DocumentError("give either name, of a document in the catalogue, or content");
  }
  if (content !== undefined) {
    const bytes = Buffer.byteLength(content);
    if (bytes > maxBytes) {
      throw new DocumentError(`the document has ${bytes} bytes, and MAX_DOCUMENT_BYTES allows ${maxBytes}`);
    }
    const document = await reader.read(content);
    const files = [{ path: inlinePath, content: document.body }];
    const source = { name: inlineName, digest: digestOf(content), document, files, path: inlinePath };
    return withPrerequisites(source, catalogue);
  }
  const entry = await catalogue.get(name ?? "");
  if (entry === undefined)
    throw new DocumentError(`the catalogue has no document "${name}"; see list_catalogue`);
  const { digest, document, ini } = entry;
  const path = `${entry.name}.md`;
  const files = [{ path, content: document.body }];
  if (ini !== "") files.push({ path: `${entry.name}.ini`, content: ini });
  return withPrerequisites({ name: entry.name, digest, document, files, path }, catalogue);
}

/** Throws a `DocumentError` when the document can't run because of what it refers to. */
export function checkRunnable({ document, prerequisites }: PreparedDocument): void {
  const missing = prerequisites.filter((one) => one.document === undefined).map(({ link }) => link);
  if (missing.length > 0) {
    throw new DocumentError(
      `prerequisites must be documents of the catalogue, and these are not: ${missing.join(", ")}`,
    );
  }
  const blocks = [document, ...prerequisites.map((one) => one.document)].flatMap((one) => one?.blocks ?? []);
  if (blocks.length === 0) {
    throw new DocumentError(
      "the document has no block to execute (bash, azurecli, azurecli-interactive, terraform)",
    );
  }
}

async function withPrerequisites(
  source: Omit<PreparedDocument, "title" | "prerequisites">,
  catalogue: Catalogue,
): Promise<PreparedDocument> {
  const { length } = source.document.prerequisites;
  if (length > maxPrerequisites) {
    throw new DocumentError(`the document has ${length} prerequisites, and may have ${maxPrerequisites}`);
  }
  const prerequisites: Prerequisite[] = [];
  const files = [...source.files];
  for (const link of source.document.prerequisites) {
    // ie would fetch a URL. This server fetches nothing on a caller's word.
    const path = /^https?:\/\//.test(link) ? undefined : posix.join(posix.dirname(source.path), link);
    const found = path === undefined ? undefined : await catalogue.get(path);
    prerequisites.push({ link, name: found?.name, document: found?.document });
    if (found !== undefined && !files.some((file) => file.path === `${found.name}.md`)) {
      files.push({ path: `${found.name}.md`, content: found.document.body });
    }
  }
  const title = source.document.title ?? source.name;
  return { ...source, title, prerequisites, files };
}
