import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { RequestOptions } from "@modelcontextprotocol/sdk/shared/protocol.js";
import type { Prompt, Resource, ResourceTemplate, Tool } from "@modelcontextprotocol/sdk/types.js";
import { counted } from "../diagnose/finding.ts";
import { asJson } from "./json.ts";
import { type Place, shownUrl } from "./place.ts";
import { promptsTable, resourcesTable, serverLine, toolsTable } from "./print.ts";

interface ListOptions {
  prompts?: boolean;
  resources?: boolean;
  json?: boolean;
}

/** Prints the tools of a server, or what else was asked for. */
export async function lists(
  client: Client,
  place: Place,
  { prompts, resources, json }: ListOptions,
  options: RequestOptions,
): Promise<true> {
  const found = {
    server: client.getServerVersion(),
    ...(prompts || resources ? {} : { tools: await allTools(client, options) }),
    ...(prompts ? { prompts: await allPrompts(client, options) } : {}),
    ...(resources
      ? { resources: await allResources(client, options), templates: await allTemplates(client, options) }
      : {}),
  };
  console.log(json ? asJson(found) : asText(client, place, found));
  return true;
}

interface Found {
  tools?: Tool[];
  prompts?: Prompt[];
  resources?: Resource[];
  templates?: ResourceTemplate[];
}

function asText(client: Client, place: Place, { tools, prompts, resources, templates = [] }: Found): string {
  const columns = process.stdout.columns;
  const uris = resources && [
    ...resources,
    ...templates.map(({ uriTemplate, ...rest }) => ({ uri: uriTemplate, ...rest })),
  ];
  const parts = [
    { noun: "tool", items: tools, text: () => toolsTable(tools ?? [], columns) },
    { noun: "prompt", items: prompts, text: () => promptsTable(prompts ?? [], columns) },
    { noun: "resource", items: uris, text: () => resourcesTable(uris ?? [], columns) },
  ].filter(({ items }) => items !== undefined);
  const counts = parts.map(({ noun, items = [] }) => counted(items.length, noun)).join(", ");
  const where = place.transport === "stdio" ? place.command : shownUrl(place.url);
  return [
    serverLine(client, where, counts),
    ...parts.filter(({ items = [] }) => items.length > 0).map(({ text }) => `\n${text()}`),
  ].join("\n");
}

/** Every page of the tools; none of a server that has no such capability. */
export async function allTools(client: Client, options: RequestOptions): Promise<Tool[]> {
  if (!client.getServerCapabilities()?.tools) return [];
  return await pages(async (cursor) => {
    const { tools, nextCursor } = await client.listTools({ cursor }, options);
    return { items: tools, nextCursor };
  });
}

async function allPrompts(client: Client, options: RequestOptions): Promise<Prompt[]> {
  if (!client.getServerCapabilities()?.prompts) return [];
  return await pages(async (cursor) => {
    const { prompts, nextCursor } = await client.listPrompts({ cursor }, options);
    return { items: prompts, nextCursor };
  });
}

async function allResources(client: Client, options: RequestOptions): Promise<Resource[]> {
  if (!client.getServerCapabilities()?.resources) return [];
  return await pages(async (cursor) => {
    const { resources, nextCursor } = await client.listResources({ cursor }, options);
    return { items: resources, nextCursor };
  });
}

async function allTemplates(client: Client, options: RequestOptions): Promise<ResourceTemplate[]> {
  if (!client.getServerCapabilities()?.resources) return [];
  return await pages(async (cursor) => {
    const { resourceTemplates, nextCursor } = await client.listResourceTemplates({ cursor }, options);
    return { items: resourceTemplates, nextCursor };
  });
}

/** A server may go on giving pages for ever; nobody has that many tools. */
const mostPages = 100;

async function pages<T>(
  ask: (cursor: string | undefined) => Promise<{ items: T[]; nextCursor?: string }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { items, nextCursor } = await ask(cursor);
    all.push(...items);
    if (nextCursor === undefined) break;
    cursor = nextCursor;
  }
  return all;
}
