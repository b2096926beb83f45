import { z } from "zod";
import { entrySchema, summarize } from "../summary.ts";
import { defineTool, readsOnly } from "../tool.ts";

export default defineTool({
  name: "search_catalogue",
  title: "Search the catalogue",
  description:
    "Finds executable documents by words in their titles, names, texts, prerequisites, variables and metadata. " +
    "Forgives small mistakes, and takes beginnings of words.",
  input: {
    query: z.string().min(1).max(500),
    limit: z.number().int().min(1).max(100).default(10),
  },
  output: {
    documents: z.array(
      entrySchema.extend({
        score: z.number().describe("Higher is better, within one search"),
        terms: z.array(z.string()).describe("Words of the document that were met"),
      }),
    ),
  },
  annotations: readsOnly,
  executes: false,
  async call({ query, limit }, { catalogue }) {
    const found = await catalogue.search(query, limit);
    return { documents: found.map(({ entry, score, terms }) => ({ ...summarize(entry), score, terms })) };
  },
});
