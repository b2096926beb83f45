/**
 * Makes the API reference from the doc comments: `npm run api`. `npm run api -- --check` writes nothing and fails when
 * docs/api isn't what the comments say, or when something public has no comment.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { format } from "prettier";
import { Application, LogLevel, type ProjectReflection, ReflectionKind } from "typedoc";
import { command, orSayWhy } from "./command.ts";
import { root } from "./emit.ts";

/** Where the reference is. */
export const apiFolder = join(root, "docs/api");

/** The pages: the modules of which components/index.ts exports all, and itself with what it exports besides. */
async function pages(): Promise<string[]> {
  const index = join(root, "components/index.ts");
  const modules = (await readFile(index, "utf8")).matchAll(/export \* from "(.+?)"/g);
  return [...[...modules].map(([, file]) => join(root, "components", file ?? "")), index];
}

/**
 * Writes the reference into a folder.
 *
 * @returns what typedoc complains of: public things without a comment, types that no page has, links to nowhere.
 */
export async function writeReference(folder: string): Promise<string[]> {
  const app = await Application.bootstrapWithPlugins(await options(folder));
  const complaints: string[] = [];
  app.logger.log = (message, level) => {
    // What properties of a type without a name are is said of the property that has the type.
    if (level >= LogLevel.Warn && !message.includes(".__type.")) {
      complaints.push(message);
    }
  };
  const project = await app.convert();
  if (project === undefined) {
    return complaints;
  }
  sayDefaultsInWords(project);
  app.validate(project);
  await app.generateOutputs(project);
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), "utf8");
    await writeFile(join(folder, file), await wrapped(text));
  }
  return complaints;
}

/** Options of typedoc and of its plugin for Markdown. */
async function options(folder: string): Promise<Record<string, unknown>> {
  const tables = ["parametersFormat", "interfacePropertiesFormat", "classPropertiesFormat"];
  const moreTables = ["typeAliasPropertiesFormat", "propertyMembersFormat", "typeDeclarationFormat"];
  return {
    entryPoints: await pages(),
    tsconfig: join(root, "tsconfig.json"),
    basePath: join(root, "components"),
    // `npm run types` checks all of it.
    skipErrorChecking: true,
    plugin: ["typedoc-plugin-markdown"],
    out: folder,
    name: "API reference",
    logLevel: "Warn",
    readme: "none",
    router: "module",
    entryFileName: "README",
    modulesFileName: "README",
    sort: ["source-order"],
    disableSources: true,
    excludeExternals: true,
    excludePrivate: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    useHTMLAnchors: false,
    ...Object.fromEntries([...tables, ...moreTables].map((name) => [name, "table"])),
    validation: { notExported: true, notDocumented: true, invalidLink: true },
    requiredToBeDocumented: ["Class", "Interface", "Property", "TypeAlias", "Function", "Variable"],
  };
}

/** `@default - none` is words, `@default 5` a value. */
function sayDefaultsInWords(project: ProjectReflection): void {
  for (const { comment } of project.getReflectionsByKind(ReflectionKind.All)) {
    for (const tag of comment?.blockTags.filter(({ tag }) => tag === "@default") ?? []) {
      const text = tag.content.map((part) => part.text).join("");
      const words = /^(?:```ts\n)?- ([\s\S]*?)(?:\n```)?$/.exec(text)?.[1];
      if (words !== undefined) {
        tag.content = [{ kind: "text", text: words }];
      }
    }
  }
}

/** Wraps lines at 80 characters, but for tables, which it leaves without padding. */
async function wrapped(markdown: string): Promise<string> {
  const text = await format(markdown, { parser: "markdown", proseWrap: "always", printWidth: 80 });
  return text.replaceAll(/^\|.*\|$/gm, (row) => row.replaceAll(/ {2,}\|/g, " |").replaceAll(/-{4,}/g, "---"));
}

/** How two folders differ, as lines for people. */
async function differences(made: string, kept: string): Promise<string[]> {
  const names = async (folder: string) => new Set(await readdir(folder).catch(() => []));
  const [now, before] = [await names(made), await names(kept)];
  const lines: string[] = [];
  for (const name of new Set([...now, ...before])) {
    const file = relative(root, join(kept, name));
    if (!now.has(name)) lines.push(`${file} is of no module any more`);
    else if (!before.has(name)) lines.push(`${file} is missing`);
    else if ((await readFile(join(made, name), "utf8")) !== (await readFile(join(kept, name), "utf8"))) {
      lines.push(`${file} isn't what the doc comments say`);
    }
  }
  return lines.sort();
}

/** What is wrong with the reference in the checkout; nothing when it is what the comments say. */
export async function checkReference(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "mcpaas-api-"));
  try {
    const complaints = await writeReference(folder);
    return [...complaints, ...(await differences(folder, apiFolder))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { check } = command("api", "Makes the API reference from the doc comments")
    .option("--check", "write nothing, and fail when docs/api isn't what the comments say")
    .parse()
    .opts<{ check?: boolean }>();
  await orSayWhy(async () => {
    const wrong = check ? await checkReference() : await writeReference(apiFolder);
    if (wrong.length > 0) {
      throw new Error([...wrong, "Remedy: doc comments where they are missing, and npm run api"].join("\n"));
    }
    console.log(check ? "docs/api is what the doc comments say" : `The reference is in ${apiFolder}`);
  });
}
