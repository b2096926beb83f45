import { z } from "zod";
import type { CatalogueEntry } from "./catalogue.ts";

/** What lists tell of a document. */
export const entrySchema = z.object({
  name: z.string().describe("For the tools that take a document"),
  title: z.string(),
  summary: z.string().describe("Its first paragraph"),
  variables: z.array(z.string()).describe("Names of its variables"),
  prerequisites: z.array(z.string()).describe("Documents that are executed first"),
  blocks: z.number().describe("How many blocks of commands it has itself"),
  modified: z.string().describe("UTC, ISO 8601"),
});

/** The short form of a document in the catalogue. */
export function summarize({ name, document, modified }: CatalogueEntry): z.output<typeof entrySchema> {
  return {
    name,
    title: document.title ?? name,
    summary: document.summary,
    variables: document.variables.map((variable) => variable.name),
    prerequisites: document.prerequisites,
    blocks: document.blocks.length,
    modified: modified.toISOString(),
  };
}
