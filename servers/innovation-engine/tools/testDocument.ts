import { documentChoice, timeoutSeconds, variables } from "../inputs.ts";
import { reportShape } from "../reports.ts";
import { runDocument } from "../runDocument.ts";
import { defineTool, executesAnything } from "../tool.ts";

export default defineTool({
  name: "test_document",
  title: "Test a document",
  description:
    "Executes an executable document with ie test, compares each block's output with the expected one, and " +
    "reports both. It really runs the commands, and deletes the Azure resource group that they name, if any.",
  input: { ...documentChoice, variables, timeoutSeconds },
  output: reportShape,
  annotations: executesAnything,
  executes: true,
  call: (input, call) => runDocument("test_document", input, call),
  failed: ({ outcome }) => outcome !== "passed",
});
