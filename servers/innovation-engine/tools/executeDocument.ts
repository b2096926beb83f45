import { documentChoice, timeoutSeconds, variables } from "../inputs.ts";
import { reportShape } from "../reports.ts";
import { runDocument } from "../runDocument.ts";
import { defineTool, executesAnything } from "../tool.ts";

export default defineTool({
  name: "execute_document",
  title: "Execute a document",
  description:
    "Executes the commands of an executable document with ie, step by step, and tells of each that has ended. " +
    "Stops at the first that fails. Inspect the document first: this really runs its commands.",
  input: { ...documentChoice, variables, timeoutSeconds },
  output: reportShape,
  annotations: executesAnything,
  executes: true,
  call: (input, call) => runDocument("execute_document", input, call),
  failed: ({ outcome }) => outcome !== "passed",
});
