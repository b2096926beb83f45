import { z } from "zod";
import { summarySchema } from "../reports.ts";
import { defineTool, readsOnly } from "../tool.ts";

export default defineTool({
  name: "list_reports",
  title: "List reports of earlier runs",
  description: "Lists earlier executions and tests of documents, the newest first, with how they ended.",
  input: {
    document: z.string().max(512).optional().describe("Only of this document; (inline) for callers' own"),
    tool: z.enum(["execute_document", "test_document"]).optional().describe("Only of this tool"),
    limit: z.number().int().min(1).max(500).default(50),
  },
  output: { reports: z.array(summarySchema), total: z.number().describe("How many there are in all") },
  annotations: readsOnly,
  executes: false,
  async call({ document, tool, limit }, { reports }) {
    const all = await reports.list({ document, tool });
    return { reports: all.slice(0, limit), total: all.length };
  },
});
