import { z } from "zod";
import { entrySchema, summarize } from "../summary.ts";
import { defineTool, readsOnly } from "../tool.ts";

export default defineTool({
  name: "list_catalogue",
  title: "List the catalogue",
  description:
    "Lists the executable documents of the catalogue by name, with titles, variables and prerequisites.",
  input: {
    offset: z.number().int().min(0).default(0).describe("How many to leave out at the beginning"),
    limit: z.number().int().min(1).max(500).default(100),
  },
  output: {
    documents: z.array(entrySchema),
    total: z.number().describe("How many there are in all"),
    problems: z.array(z.string()).describe("Files that were left out, with the reason"),
  },
  annotations: readsOnly,
  executes: false,
  async call({ offset, limit }, { catalogue }) {
    const { entries, problems } = await catalogue.list();
    const documents = entries.slice(offset, offset + limit).map(summarize);
    return { documents, total: entries.length, problems };
  },
});
