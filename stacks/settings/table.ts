import { z } from "zod";
import { settingsSchema } from "./schema.ts";

/** One setting, as a row of the settings table and as the source of what an error says about it. */
export interface SettingRow {
  /** Where it is, for example "cluster.gpuPool.maxCount"; `*` stands for any name, `[]` for any list entry. */
  key: string;
  description: string;
  /** The allowed values in words. */
  allowed: string;
  /** What is used when it is left out, or "required". */
  default: string;
  /** An example as JSON, or nothing when the schema has none. */
  example?: string;
}

/** The parts of a JSON schema that the settings' schema uses. */
interface SchemaNode {
  type?: string;
  enum?: string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  description?: string;
  example?: unknown;
  unit?: string;
  allowed?: string;
  otherwise?: string;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  additionalProperties?: SchemaNode | false;
  items?: SchemaNode;
}

const root = z.toJSONSchema(settingsSchema, { io: "input" }) as SchemaNode;

/** Every setting that has a meaning of its own, in the order of the schema. */
export function settingRows(): SettingRow[] {
  return rowsOf(root, "", false);
}

/** The settings in Markdown: those that stand alone, then a table for each structure under its name. */
export function settingsMarkdown(): string {
  const rows = settingRows();
  const structures = new Set(rows.filter(({ key }) => key !== topOf(key)).map(({ key }) => topOf(key)));
  return [
    ...table(rows.filter(({ key }) => !structures.has(key) && key === topOf(key))),
    ...[...structures].flatMap((name) => [
      "",
      `## ${name}`,
      "",
      ...table(rows.filter(({ key }) => topOf(key) === name)),
    ]),
  ].join("\n");
}

function table(rows: readonly SettingRow[]): string[] {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  return [
    "| setting | meaning | allowed | default | example |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(
      (row) =>
        `| \`${row.key}\` | ${cell(row.description)} | ${cell(row.allowed)} | ${cell(row.default)} | ${row.example ? `\`${cell(row.example)}\`` : ""} |`,
    ),
  ];
}

/** "mcpServers" of "mcpServers.*.port" and of "mcpServers[].port". */
const topOf = (key: string) => key.split(/[.[]/, 1)[0] as string;

/** What the schema says about the value at a path of real keys, such as ["mcpServers", "echo", "port"]. */
export function rowAt(path: readonly PropertyKey[]): SettingRow | undefined {
  const node = nodeAt(path);
  return node && rowOf(node, path.join("."), false);
}

/** The keys that an object at this path may have, or nothing when it takes any. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  return Object.keys(nodeAt(path)?.properties ?? {});
}

/** Whether a top-level setting is written as a text of its own rather than as a structure. */
export function isText(key: string): boolean {
  return root.properties?.[key]?.type === "string";
}

function nodeAt(path: readonly PropertyKey[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  for (const key of path) {
    if (node === undefined) return undefined;
    node =
      typeof key === "number"
        ? node.items
        : (node.properties?.[String(key)] ?? (node.additionalProperties || undefined));
  }
  return node;
}

function rowsOf(node: SchemaNode, key: string, required: boolean): SettingRow[] {
  const rows = node.description ? [rowOf(node, key, required)] : [];
  const below = (name: string) => (key === "" ? name : `${key}.${name}`);
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    rows.push(...rowsOf(child, below(name), node.required?.includes(name) ?? false));
  }
  if (node.additionalProperties) rows.push(...rowsOf(node.additionalProperties, below("*"), false));
  if (node.items) rows.push(...rowsOf(node.items, `${key}[]`, false));
  return rows;
}

function rowOf(node: SchemaNode, key: string, required: boolean): SettingRow {
  return {
    key,
    description: node.description ?? "",
    allowed: allowed(node),
    default:
      node.default !== undefined
        ? JSON.stringify(node.default)
        : (node.otherwise ?? (required ? "required" : "none")),
    example: node.example === undefined ? undefined : JSON.stringify(node.example),
  };
}

function allowed(node: SchemaNode): string {
  if (node.allowed) return node.allowed;
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(", ");
  const unit = node.unit ? ` (${node.unit})` : "";
  switch (node.type) {
    case "integer":
    case "number":
      return `a ${node.type === "integer" ? "whole number" : "number"} from ${node.minimum} to ${node.maximum}${unit}`;
    case "boolean":
      return "true or false";
    case "array":
      return node.items?.enum ? `a list of ${allowed(node.items)}` : "a list";
    case "object":
      return "a structure";
    default:
      return node.pattern ? `a text that matches ${node.pattern}` : "a text";
  }
}
