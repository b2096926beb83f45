import { z } from "zod";
import { exportStep, stepsOf } from "../document/scenario.ts";
import { documentChoice, variables } from "../inputs.ts";
import { defineTool, readsOnly } from "../tool.ts";

const expected = z.object({
  language: z.string(),
  content: z.string(),
  similarity: z.number().describe("Least similarity to the output, from 0 to 1"),
  regex: z.string().optional().describe("What the output must match, instead of the similarity"),
});

const block = z.object({
  language: z.string(),
  description: z.string(),
  content: z.string().describe("The commands"),
  expected: expected.optional(),
});

export default defineTool({
  name: "inspect_document",
  title: "Inspect a document",
  description:
    "Shows what an executable document would do: its steps and commands in the order of execution, those of its " +
    "prerequisites included, expected outputs, and variables. Executes nothing.",
  input: { ...documentChoice, variables },
  output: {
    name: z.string(),
    title: z.string(),
    digest: z.string().describe("SHA-256 of the document"),
    metadata: z.record(z.string(), z.unknown()).describe("Its YAML front matter"),
    prerequisites: z.array(
      z.object({ link: z.string(), name: z.string().optional(), title: z.string().optional() }),
    ),
    variables: z.array(z.object({ name: z.string(), value: z.string(), from: z.string() })),
    steps: z.array(z.object({ name: z.string(), blocks: z.array(block) })),
    problems: z.array(z.string()).describe("What keeps it from running as it reads"),
  },
  annotations: readsOnly,
  executes: false,
  async call({ name, content, variables }, { prepare }) {
    const { document, prerequisites, ...prepared } = await prepare({ name, content });
    const found = prerequisites.flatMap((one) => one.document ?? []);
    const missing = prerequisites.filter((one) => one.document === undefined);
    const problems = [document, ...found].flatMap((one) => one.problems);
    for (const { link } of missing) problems.push(`the prerequisite ${link} is no document of the catalogue`);
    if (found.length > 1) problems.push("of several prerequisites, ie executes the last one first");
    const steps = stepsOf(document, found, Object.keys(variables));
    const exports = Object.entries(variables).map(([key, value]) => `export ${key}="${value}"\n`);
    return {
      name: prepared.name,
      title: prepared.title,
      digest: prepared.digest,
      metadata: document.metadata,
      prerequisites: prerequisites.map((one) => ({
        link: one.link,
        name: one.name,
        title: one.document?.title,
      })),
      variables: [...found, document].flatMap((one) => one.variables),
      steps: steps.map((step) => ({
        name: step.name,
        blocks: step.blocks.map(({ language, description, content, expected }) => ({
          language,
          description,
          content: step.name === exportStep ? exports.join("") : content,
          expected,
        })),
      })),
      problems,
    };
  },
});
