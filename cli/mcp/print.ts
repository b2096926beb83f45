import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type {
  CallToolResult,
  ContentBlock,
  Progress,
  Prompt,
  Resource,
  Tool,
} from "@modelcontextprotocol/sdk/types.js";
import { table } from "../table.ts";
import { asSize } from "../values.ts";
import { visible } from "../visible.ts";
import { asJson } from "./json.ts";

const width = 80;

/** Lines of a server as they may be printed: what would steer the terminal is shown by its code. */
export function visibleLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split("\t").map(visible).join("\t"))
    .join("\n");
}

/** What a list begins with: who answers. */
export function serverLine(client: Client, place: string, count: string): string {
  const { name = "an MCP server", version = "", title } = client.getServerVersion() ?? {};
  return visible(`${title ?? name}${version ? ` ${version}` : ""} at ${place}: ${count}`);
}

/** Tools, with an argument a line; brackets are around those that may be left out. */
export function toolsTable(tools: readonly Tool[], columns = width): string {
  const rows = tools.flatMap(({ name, title, description, annotations, inputSchema }) => [
    [name, "", sentences(title ?? annotations?.title, description)],
    ...Object.entries(inputSchema.properties ?? {}).map(([argument, property]) => {
      const needed = inputSchema.required?.includes(argument);
      return ["", needed ? argument : `[${argument}]`, propertyText(property)];
    }),
  ]);
  return shown(["tool", "argument", "what it is"], rows, columns);
}

function propertyText(property: object): string {
  const { type, description, enum: allowed, default: usual } = property as Record<string, unknown>;
  const facts = [
    [type ?? []].flat().join(" or "),
    Array.isArray(allowed) ? `one of ${allowed.join(", ")}` : "",
    usual === undefined ? "" : `default ${JSON.stringify(usual)}`,
  ].filter(Boolean);
  return sentences(facts.join(", "), typeof description === "string" ? description : "");
}

export function promptsTable(prompts: readonly Prompt[], columns = width): string {
  const rows = prompts.flatMap(({ name, title, description, arguments: taken = [] }) => [
    [name, "", sentences(title, description)],
    ...taken.map((each) => ["", each.required ? each.name : `[${each.name}]`, sentences(each.description)]),
  ]);
  return shown(["prompt", "argument", "what it is"], rows, columns);
}

export function resourcesTable(resources: readonly Resource[], columns = width): string {
  const rows = resources.map(({ uri, name, title, mimeType = "", description }) => [
    uri,
    mimeType,
    sentences(title ?? name, description),
  ]);
  return shown(["resource", "type", "what it is"], rows, columns);
}

function shown(headings: string[], rows: string[][], columns: number): string {
  return table(
    headings,
    rows.map((row) => row.map((cell) => visible(cell.replace(/\s+/g, " ").trim()))),
    columns,
  );
}

function sentences(...texts: (string | undefined)[]): string {
  return texts
    .filter((text) => text?.trim())
    .map((text) => (text ?? "").trim().replace(/(?<![.!?])$/, "."))
    .join(" ");
}

/** What a tool answered: text as it is, anything else described. */
export function contentText({ content, structuredContent }: CallToolResult): string {
  if (content.length === 0 && structuredContent !== undefined) return asJson(structuredContent);
  return content.map((block) => visibleLines(blockText(block))).join("\n");
}

function blockText(block: ContentBlock): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
    case "audio":
      return `[${block.type} ${block.mimeType}, ${bytes(block.data)}]`;
    case "resource_link":
      return `[link ${block.uri}${block.mimeType ? ` ${block.mimeType}` : ""}: ${block.title ?? block.name}]`;
    case "resource": {
      const { resource } = block;
      const head = `${resource.uri}${resource.mimeType ? ` ${resource.mimeType}` : ""}`;
      return "text" in resource
        ? `[resource ${head}]\n${resource.text}`
        : `[resource ${head}, ${bytes(resource.blob)}]`;
    }
  }
}

function bytes(base64: string): string {
  return asSize(Buffer.from(base64, "base64").length);
}

/** A line about how far a call is. */
export function progressText({ progress, total, message }: Progress): string {
  const far = total === undefined ? `${progress}` : `${progress} of ${total}`;
  return message ? `${far}: ${visibleLines(message)}` : far;
}
