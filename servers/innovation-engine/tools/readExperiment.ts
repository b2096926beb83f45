import { z } from "zod";
import { DocumentError } from "../document/reader.ts";
import { summarySchema } from "../reports.ts";
import { entrySchema, summarize } from "../summary.ts";
import { defineTool, readsOnly } from "../tool.ts";

const kept = 20;

export default defineTool({
  name: "read_experiment",
  title: "Read an experiment's metadata",
  description:
    "Tells what is known of a document of the catalogue as an experiment: its metadata, and how its earlier runs " +
    "ended. read_report has the whole of one run.",
  input: { name: z.string().min(1).max(512).describe("Name of a document in the catalogue") },
  output: {
    ...entrySchema.shape,
    digest: z.string().describe("SHA-256 of the document as it is now"),
    metadata: z.record(z.string(), z.unknown()).describe("Its YAML front matter"),
    headings: z.array(z.string()),
    runs: z
      .object({ passed: z.number(), failed: z.number() })
      .describe("How many of the kept runs ended how"),
    reports: z.array(summarySchema).describe(`Its last ${kept} runs, the newest first`),
  },
  annotations: readsOnly,
  executes: false,
  async call({ name }, { catalogue, reports }) {
    const entry = await catalogue.get(name);
    if (entry === undefined) {
      throw new DocumentError(`the catalogue has no document "${name}"; see list_catalogue`);
    }
    const earlier = await reports.list({ document: entry.name });
    const passed = earlier.filter(({ outcome }) => outcome === "passed").length;
    return {
      ...summarize(entry),
      digest: entry.digest,
      metadata: entry.document.metadata,
      headings: entry.document.headings,
      runs: { passed, failed: earlier.length - passed },
      reports: earlier.slice(0, kept),
    };
  },
});
