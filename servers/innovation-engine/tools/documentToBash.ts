import { z } from "zod";
import { documentChoice, variables } from "../inputs.ts";
import { defineTool, readsOnly } from "../tool.ts";

export default defineTool({
  name: "document_to_bash",
  title: "Convert a document to a script",
  description:
    "Writes an executable document's commands as one bash script, with ie to-bash. Executes nothing.",
  input: { ...documentChoice, variables },
  output: { title: z.string(), script: z.string() },
  annotations: readsOnly,
  executes: false,
  async call({ name, content, variables }, { prepare, runner, signal }) {
    const prepared = await prepare({ name, content });
    return { title: prepared.title, script: await runner.toBash(prepared, variables, signal) };
  },
});
