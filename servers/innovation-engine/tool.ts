import type { CallToolResult, ToolAnnotations } from "@modelcontextprotocol/sdk/types.js";
import type { z } from "zod";
import type { Catalogue } from "./catalogue.ts";
import type { Config } from "./config.ts";
import type { DocumentChoice, PreparedDocument } from "./document/prepare.ts";
import type { ProgressListener } from "./engine/progress.ts";
import type { Runner } from "./engine/runner.ts";
import type { Reports } from "./reports.ts";

/** What tools work with. */
export interface Services {
  config: Config;
  catalogue: Catalogue;
  runner: Runner;
  reports: Reports;
  /** Finds a document with what it refers to; throws a `DocumentError`. */
  prepare(choice: DocumentChoice): Promise<PreparedDocument>;
}

/** One call of a tool. */
export interface Call extends Services {
  /** Aborted when the caller cancels the call or its session ends. */
  signal: AbortSignal;
  /** Tells the caller how far the call is, if it wants to know. */
  progress: ProgressListener;
}

/** A tool: the default export of a file in the folder `tools`. */
export interface Tool<
  Input extends z.ZodRawShape = z.ZodRawShape,
  Output extends z.ZodRawShape = z.ZodRawShape,
> {
  name: string;
  title: string;
  /** For the model that chooses among tools. */
  description: string;
  input: Input;
  output: Output;
  annotations: Required<Omit<ToolAnnotations, "title">>;
  /** Whether it executes documents, so that it is there only with ALLOW_EXECUTE. */
  executes: boolean;
  /** Throws a `DocumentError`, or another error, whose message is the answer then. */
  call(input: z.output<z.ZodObject<Input>>, call: Call): Promise<z.output<z.ZodObject<Output>>>;
  /** Whether an answer means that the tool has failed. @default never */
  failed?(output: z.output<z.ZodObject<Output>>): boolean;
}

/** Checks a tool's types. */
export function defineTool<Input extends z.ZodRawShape, Output extends z.ZodRawShape>(
  tool: Tool<Input, Output>,
): Tool {
  return tool as unknown as Tool;
}

/** Annotations of a tool that only looks. */
export const readsOnly: Tool["annotations"] = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** Annotations of a tool that executes what documents say, in and out of the cluster. */
export const executesAnything: Tool["annotations"] = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
};

/** An answer, as structure for programs and as text for everybody else. */
export function answer(tool: Tool, output: Record<string, unknown>): CallToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(output) }],
    structuredContent: output,
    ...(tool.failed?.(output) ? { isError: true } : {}),
  };
}
