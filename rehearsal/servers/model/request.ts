import { z } from "zod";
import type { ModelOptions } from "./options.ts";

const text = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]);

/** A request for a completion, as far as it is looked at. Source: vllm/entrypoints/openai/chat_completion/protocol.py. */
export const completionRequest = z.looseObject({
  model: z.string().optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: text.nullish() })).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.number().int().nullish(),
  max_completion_tokens: z.number().int().nullish(),
  tools: z
    .array(
      z.looseObject({
        function: z.looseObject({
          name: z.string(),
          parameters: z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }).optional(),
        }),
      }),
    )
    .nullish(),
  tool_choice: z.unknown().optional(),
});

export type CompletionRequest = z.infer<typeof completionRequest>;
export type Message = CompletionRequest["messages"][number];

/** An answer that isn't a completion. */
export class Refusal extends Error {
  readonly status: number;
  readonly param: string | null;

  constructor(status: number, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.param = param;
  }

  /** Source: create_error_response in vllm/entrypoints/openai/engine/serving.py. */
  get body(): object {
    const type = this.status === 404 ? "NotFoundError" : "BadRequestError";
    return { error: { message: this.message, type, param: this.param, code: this.status } };
  }
}

/**
 * Checks a request as vLLM does. The order and the refusals are those of chat_completion/serving.py and
 * renderers/params.py.
 *
 * @throws {Refusal} that vLLM would answer with.
 */
export function checkRequest(body: unknown, options: ModelOptions): CompletionRequest {
  const parsed = completionRequest.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refusal(400, `${issue?.message}: ${issue?.path.join(".")}`, String(issue?.path[0] ?? ""));
  }
  const request = parsed.data;
  if (request.model !== undefined && !options.names.includes(request.model)) {
    throw new Refusal(404, `The model \`${request.model}\` does not exist.`, "model");
  }
  checkTools(request, options);
  const output = request.max_completion_tokens ?? request.max_tokens ?? 0;
  const input = promptTokens(request);
  if (input > options.maxModelLength - output) {
    throw new Refusal(
      400,
      `You passed ${input} input tokens and requested ${output} output tokens. However, the model's context length is only ${options.maxModelLength} tokens, resulting in a maximum input length of ${options.maxModelLength - output} tokens. Please reduce the length of the input prompt.`,
      "input_tokens",
    );
  }
  return request;
}

function checkTools({ tools, tool_choice: choice }: CompletionRequest, options: ModelOptions): void {
  if (!tools?.length) {
    if (choice !== undefined && choice !== null && choice !== "none") {
      throw new Refusal(400, "When using `tool_choice`, `tools` must be set.", "tool_choice");
    }
    return;
  }
  // With tools and no choice it is "auto".
  if ((choice ?? "auto") === "auto" && !options.callsTools) {
    throw new Refusal(
      400,
      '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    );
  }
  if (choice !== undefined && choice !== "none" && !options.hasToolParser) {
    throw new Refusal(400, `tool_choice=${JSON.stringify(choice)} requires --tool-call-parser to be set`);
  }
}

/** About as many tokens as a tokenizer would make: four characters each. */
export function promptTokens({ messages, tools }: Pick<CompletionRequest, "messages" | "tools">): number {
  return tokensOf(JSON.stringify([messages, tools ?? []]));
}

/** The same of a text. */
export function tokensOf(given: string): number {
  return Math.ceil(given.length / 4);
}

/** What a message says, without pictures. */
export function textOf({ content }: Message): string {
  return typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join("\n");
}
