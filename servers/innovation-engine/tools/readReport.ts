import { z } from "zod";
import { DocumentError } from "../document/reader.ts";
import { reportShape } from "../reports.ts";
import { defineTool, readsOnly } from "../tool.ts";

export default defineTool({
  name: "read_report",
  title: "Read a report",
  description: "Reads the report of an earlier run: each block, its output, and why it failed if it did.",
  input: { id: z.string().max(64).describe("As list_reports has it") },
  output: reportShape,
  annotations: readsOnly,
  executes: false,
  async call({ id }, { reports }) {
    const report = await reports.get(id);
    if (report === undefined) throw new DocumentError(`there is no report "${id}"; see list_reports`);
    return report;
  },
});
