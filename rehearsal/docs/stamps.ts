import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commandLine } from "../../cli/main.ts";
import { CERT_MANAGER_VERSION } from "../../components/certManager/values.ts";
import { KAITO_VERSION } from "../../components/kaito/versions.ts";
import { KMCP_VERSION } from "../../components/kmcpInstall/values.ts";
import manifest from "../../package.json" with { type: "json" };
import { rowAt } from "../../stacks/settings/table.ts";
import { type Tutorial, tutorialsDir } from "./tutorials.ts";

/** Where it stands what documents were run with. */
export const stampsFile = join(tutorialsDir, "stamps.json");

/** What a document was run with, each part by itself, so that a stale one says what has changed. */
export interface Stamp {
  /** Its commands and what it expects of them; prose may change. */
  blocks: string;
  /** Meaning, allowed values and defaults of the settings that it sets. */
  settings: string;
  /** The npm scripts that it calls, with their help texts. */
  scripts: string;
  /** The versions of what it drives. */
  versions: Record<string, string>;
}

/** What a document would be run with now. */
export function stampOf({ blocks }: Tutorial): Stamp {
  const text = blocks.map(({ content }) => content).join("\n");
  return {
    blocks: hash(
      // Of a pattern's sample, which is for people, nothing depends.
      blocks.map(({ content, expected, cloudOnly }) => [
        content,
        expected?.regex ?? expected?.content,
        cloudOnly,
      ]),
    ),
    settings: hash(settingsIn(text).map((key) => [key, rowAt(pathOf(key)) ?? null])),
    scripts: hash(
      scriptsIn(text).map((name) => [name, (manifest.scripts as Record<string, string>)[name], helpOf(name)]),
    ),
    versions: versionsFor(text),
  };
}

/** What has changed since a document was run; empty: nothing, or "it was never run". */
export function changesSince(stamp: Stamp | undefined, now: Stamp): string[] {
  if (stamp === undefined) {
    return ["it was never run"];
  }
  const names: Record<Exclude<keyof Stamp, "versions">, string> = {
    blocks: "its commands or what it expects of them",
    settings: "settings that it uses",
    scripts: "npm scripts that it uses",
  };
  const versions = new Set([...Object.keys(stamp.versions), ...Object.keys(now.versions)]);
  return [
    ...Object.entries(names).flatMap(([key, what]) =>
      stamp[key as keyof typeof names] === now[key as keyof typeof names] ? [] : [what],
    ),
    ...[...versions].flatMap((name) =>
      stamp.versions[name] === now.versions[name]
        ? []
        : [`${name}: ${stamp.versions[name] ?? "not there"} is now ${now.versions[name] ?? "not there"}`],
    ),
  ];
}

/** The stamps on record, by document. */
export function readStamps(): Record<string, Stamp> {
  return existsSync(stampsFile) ? JSON.parse(readFileSync(stampsFile, "utf8")) : {};
}

/** Notes that documents have just been run; takes out those that are gone. */
export async function stampDocuments(tutorials: readonly Tutorial[], ran: readonly string[]): Promise<void> {
  const before = readStamps();
  const stamps = tutorials.flatMap((tutorial) => {
    const stamp = ran.includes(tutorial.name) ? stampOf(tutorial) : before[tutorial.name];
    return stamp === undefined ? [] : [[tutorial.name, stamp]];
  });
  await writeFile(stampsFile, `${JSON.stringify(Object.fromEntries(stamps), undefined, 2)}\n`);
}

/** The settings that commands name, as `mcpaas:a.b[0].c`. */
export function settingsIn(text: string): string[] {
  const found = [...text.matchAll(/\bmcpaas:([A-Za-z][\w.[\]-]*)/g)].map(([, key = ""]) =>
    key.replace(/[.[]+$/, ""),
  );
  return [...new Set(found)].sort();
}

/** The npm scripts that commands call. */
export function scriptsIn(text: string): string[] {
  const found = [...text.matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)].map(([, name = ""]) => name);
  return [...new Set(found)].sort();
}

/** A setting's name as its path: `a.b[0]` is a, b and 0. */
export function pathOf(key: string): (string | number)[] {
  return key.split(".").flatMap((part) => {
    const [name = "", ...indices] = part.split(/\[(\d+)\]/).filter((piece) => piece !== "");
    return [name, ...indices.map(Number)];
  });
}

function helpOf(script: string): string {
  const line = (manifest.scripts as Record<string, string>)[script] ?? "";
  const [, name] = /^node cli\/mcpaas\.ts ([\w-]+)/.exec(line) ?? [];
  const command = commandLine(() => {}).commands.find((one) => one.name() === name);
  return command?.helpInformation() ?? "";
}

/** Charts are inputs of the documents that switch them on. */
function versionsFor(text: string): Record<string, string> {
  const { dependencies } = manifest;
  const charts: [RegExp, string, string][] = [
    [/mcpaas:(?:mcpServers|openWebSearch|innovationEngine)\b/, "kmcp", KMCP_VERSION],
    [/mcpaas:(?:kaito|models|ragEngines|tuningJobs)\b/, "kaito", KAITO_VERSION],
    [/mcpaas:ingress\b/, "cert-manager", CERT_MANAGER_VERSION],
  ];
  const used = charts.flatMap(([pattern, name, version]) => (pattern.test(text) ? [[name, version]] : []));
  return {
    pulumi: dependencies["@pulumi/pulumi"],
    "azure-native": dependencies["@pulumi/azure-native"],
    kubernetes: dependencies["@pulumi/kubernetes"],
    ...Object.fromEntries(used),
  };
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
