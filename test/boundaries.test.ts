import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

function filesOf(place: string): string[] {
  const path = join(root, place);
  if (statSync(path).isFile()) {
    return [path];
  }
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The project's files that a TypeScript file imports, as paths from the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const specifiers = text.matchAll(/(?:from|import|import\()\s*"(\.{1,2}\/[^"]+)"/g);
  return [...specifiers].map(([, path = ""]) => relative(root, resolve(dirname(file), path)));
}

/** What a file says; pages may name npm scripts, test projects and workflows, as code, and show what they print. */
function proseOf(file: string): string {
  if (relative(root, file) === "docs/pictures/terminal.svg") return "";
  const text = readFileSync(file, "utf8");
  return relative(root, file).startsWith("docs/") ? text.replaceAll(/`[^`\n]*`/g, "") : text;
}

describe("the rehearsal works from the outside", () => {
  const places = [
    "index.ts",
    "stacks",
    "components",
    "policies",
    "servers",
    "cli",
    "cost",
    "docs",
    "examples",
    "package",
    "plugin",
    "CHANGELOG.md",
    "Pulumi.yaml",
    "Pulumi.dev.yaml",
    "Pulumi.local.yaml",
    "Pulumi.prod.yaml",
  ];
  test.each(places)("%s doesn't know that it exists", (place) => {
    const files = filesOf(place);
    expect(files.length).toBeGreaterThan(0);
    const knowing = files.filter((file) => /rehears|emulat|stand-in/i.test(proseOf(file)));
    expect(knowing.map((file) => relative(root, file))).toEqual([]);
  });
});

describe("dependencies point one way", () => {
  const allowed: Record<string, string[]> = {
    "index.ts": ["stacks/"],
    stacks: ["stacks/", "components/"],
    components: ["components/"],
    policies: ["policies/", "cost/"],
    servers: ["servers/"],
    cli: ["cli/", "cost/", "stacks/", "components/", "package.json"],
    cost: ["cost/"],
    plugin: ["plugin/", "components/"],
    package: ["package/"],
    examples: [],
  };
  test.each(Object.entries(allowed))("%s imports from %j only", (place, prefixes) => {
    const files = filesOf(place).filter((file) => file.endsWith(".ts"));
    const imports = files.flatMap((file) =>
      importsOf(file).map((path) => ({ file: relative(root, file), path })),
    );
    const wrong = imports.filter(({ path }) => !prefixes.some((prefix) => path.startsWith(prefix)));
    expect(wrong).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
  });
});

test("what the toolchain builds and what npm installs are the same versions", async () => {
  const { kubernetesPluginVersion, pulumiVersion } = await import("../rehearsal/toolchain/recipe.ts");
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(manifest.dependencies["@pulumi/pulumi"]).toBe(pulumiVersion);
  expect(manifest.dependencies["@pulumi/kubernetes"]).toBe(kubernetesPluginVersion);
  expect(readFileSync(join(root, "rehearsal/toolchain/go.mod"), "utf8")).toContain(
    `pkg/v3 v${pulumiVersion}`,
  );
});
