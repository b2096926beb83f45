import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import MiniSearch from "minisearch";
import type { ParsedDocument } from "./document/document.ts";
import { DocumentError, type DocumentReader, digestOf } from "./document/reader.ts";

/** A document of the catalogue. */
export interface CatalogueEntry {
  /** Its path in the folder, without ".md"; "/" between folders. */
  name: string;
  source: string;
  /** The `.ini` file beside it; empty without one. */
  ini: string;
  document: ParsedDocument;
  /** SHA-256 of the source. */
  digest: string;
  modified: Date;
}

/** A hit of a search. */
export interface Found {
  entry: CatalogueEntry;
  /** Higher is better; says nothing across searches. */
  score: number;
  /** Words of the document that the query met. */
  terms: string[];
}

interface State {
  /** What the folder looked like: paths, sizes and times. */
  signature: string;
  entries: Map<string, CatalogueEntry>;
  search: MiniSearch;
  /** Files that were left out, with the reason. */
  problems: string[];
}

interface File {
  name: string;
  path: string;
  iniPath?: string;
  modified: Date;
  bytes: number;
  signature: string;
}

/** Most files that are read; a folder with more of them is not a catalogue. */
const maxFiles = 2000;

/**
 * The documents of a folder. Names are looked up in what was found there and never joined to a path, so no name
 * leads out of it; nor does a symbolic link. The folder is looked at for every call, and a file is read again
 * when its size or time has changed.
 */
export class Catalogue {
  readonly #folder: string;
  readonly #reader: DocumentReader;
  readonly #maxBytes: number;
  #state: State | undefined;
  #loading: Promise<State> | undefined;

  /** `maxBytes`: larger documents are left out. */
  constructor(options: { folder: string; reader: DocumentReader; maxBytes: number }) {
    this.#folder = options.folder;
    this.#reader = options.reader;
    this.#maxBytes = options.maxBytes;
  }

  /** All documents, by name. */
  async list(): Promise<{ entries: CatalogueEntry[]; problems: string[] }> {
    const { entries, problems } = await this.#current();
    return { entries: [...entries.values()], problems };
  }

  /** A document by its name, with or without ".md". */
  async get(name: string): Promise<CatalogueEntry | undefined> {
    const { entries } = await this.#current();
    return entries.get(name) ?? entries.get(name.replace(/\.md$/, ""));
  }

  /** Documents whose titles, texts, prerequisites or variables have the query's words, best first. */
  async search(query: string, limit: number): Promise<Found[]> {
    const { entries, search } = await this.#current();
    return search
      .search(query)
      .slice(0, limit)
      .flatMap(({ id, score, terms }) => {
        const entry = entries.get(id);
        return entry === undefined ? [] : [{ entry, score, terms }];
      });
  }

  /** One look at the folder serves all callers that come while it lasts. */
  async #current(): Promise<State> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(): Promise<State> {
    const files = await filesOf(this.#folder);
    const signature = files.map((file) => `${file.path}\0${file.signature}`).join("\n");
    if (this.#state?.signature === signature) return this.#state;
    const entries = new Map<string, CatalogueEntry>();
    const problems: string[] = [];
    for (const file of files) {
      try {
        entries.set(file.name, await this.#read(file));
      } catch (error) {
        if (!(error instanceof DocumentError)) throw error;
        problems.push(`${file.name}: ${error.message}`);
      }
    }
    this.#state = { signature, entries, search: searchOver([...entries.values()]), problems };
    return this.#state;
  }

  async #read({ name, path, iniPath, modified, bytes }: File): Promise<CatalogueEntry> {
    if (bytes > this.#maxBytes) {
      throw new DocumentError(`it has ${bytes} bytes, and MAX_DOCUMENT_BYTES allows ${this.#maxBytes}`);
    }
    const source = await readFile(path, "utf8");
    const ini = iniPath === undefined ? "" : await readFile(iniPath, "utf8");
    return {
      name,
      source,
      ini,
      document: await this.#reader.read(source, ini, { ofCatalogue: true }),
      digest: digestOf(source),
      modified,
    };
  }
}

/**
 * The folder's Markdown files, by name. What is hidden stays so: a mounted ConfigMap has hidden copies. Folders
 * behind symbolic links are not entered: they could go round in a circle.
 */
async function filesOf(folder: string): Promise<File[]> {
  const root = await realpath(folder);
  const files: File[] = [];
  const enter = async (current: string): Promise<void> => {
    const entries = await readdir(current, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".") || files.length >= maxFiles) continue;
      const path = join(current, entry.name);
      if (entry.isDirectory()) await enter(path);
      else if (entry.name.endsWith(".md")) files.push(...(await fileAt(root, path)));
    }
  };
  await enter(root);
  return files;
}

async function fileAt(root: string, path: string): Promise<File[]> {
  const statInside = async (one: string) => {
    // Missing, gone meanwhile, or a link to nowhere or out of the folder.
    const real = await realpath(one).catch(() => "");
    const found = real.startsWith(root + sep) ? await stat(real).catch(() => undefined) : undefined;
    return found?.isFile() ? found : undefined;
  };
  const found = await statInside(path);
  if (found === undefined) return [];
  const iniPath = path.replace(/\.md$/, ".ini");
  const ini = await statInside(iniPath);
  return [
    {
      name: relative(root, path).split(sep).join("/").replace(/\.md$/, ""),
      path,
      modified: found.mtime,
      bytes: found.size,
      signature: `${found.size} ${found.mtimeMs} ${ini?.size} ${ini?.mtimeMs}`,
      ...(ini === undefined ? {} : { iniPath }),
    },
  ];
}

function searchOver(entries: readonly CatalogueEntry[]): MiniSearch {
  const search = new MiniSearch({
    fields: ["name", "title", "summary", "headings", "prerequisites", "variables", "tags"],
    searchOptions: { boost: { title: 3, name: 2, variables: 2 }, prefix: true, fuzzy: 0.2 },
  });
  search.addAll(
    entries.map(({ name, document }) => ({
      id: name,
      name,
      title: document.title ?? "",
      summary: document.summary,
      headings: document.headings.join("\n"),
      prerequisites: document.prerequisites.join("\n"),
      variables: document.variables.map((variable) => variable.name).join("\n"),
      tags: JSON.stringify(document.metadata),
    })),
  );
  return search;
}
