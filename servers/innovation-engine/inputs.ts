import { z } from "zod";

/** Which document, for tools that take one of the catalogue or one of the caller. */
export const documentChoice = {
  name: z.string().min(1).max(512).optional().describe("Name of a document in the catalogue"),
  content: z.string().min(1).optional().describe("The document itself, in Markdown, instead of a name"),
};

/** Values for variables of the document. */
export const variables = z
  .record(z.string().max(128), z.string().max(4096))
  .default({})
  .describe("Values for variables that the document declares; letters, digits and _ . , : @ % + = / - only");

/** How long a run may take. */
export const timeoutSeconds = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe("End the run after so many seconds; the server's own limit holds too");
