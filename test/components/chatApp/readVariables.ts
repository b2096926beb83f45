import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Where a Python program asks for an environment variable by its name, on one line or over two. */
const READ =
  /(?:os\.getenv|os\.environ\.get|os\.environ\.setdefault|os\.environ|\b_int_env)\s*[([]\s*['"]([A-Z][A-Z0-9_]*)['"]/g;

/**
 * The environment variables that Open WebUI reads, each with the files where it does, sorted. Makes
 * components/chatApp/variables.txt of the folder `open_webui` of its package:
 *
 *     node test/components/chatApp/readVariables.ts <folder> > components/chatApp/variables.txt
 */
export function readVariables(folder: string): string {
  const found = new Map<string, Set<string>>();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".py"))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files) {
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(READ)) {
      found.set(name, (found.get(name) ?? new Set()).add(relative(folder, file)));
    }
  }
  const lines = [...found].map(([name, places]) => `${name} ${[...places].sort().join(" ")}`);
  return `${lines.sort().join("\n")}\n`;
}

if (import.meta.main) process.stdout.write(readVariables(process.argv[2] ?? "."));
