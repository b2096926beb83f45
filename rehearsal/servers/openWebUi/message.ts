/** What happened on the way to an answer, in the form of OpenAI's Responses API. */
export interface OutputItem {
  type: "function_call" | "function_call_output" | "message";
  id: string;
  status: "in_progress" | "completed" | "failed";
  call_id?: string;
  name?: string;
  arguments?: string;
  output?: { type: "input_text"; text: string }[];
  role?: "assistant";
  content?: { type: "output_text"; text: string }[];
}

/** A message of a chat, as it is stored and given out. */
export interface ChatMessage {
  id: string;
  role: string;
  content: string;
  done?: boolean;
  model?: string;
  output?: OutputItem[];
  error?: { content: string };
  statusHistory?: { action: string; description: string; error: boolean; done: boolean }[];
  [more: string]: unknown;
}

/** What a client is told while an answer is made. Source: get_event_emitter in socket/main.py. */
export interface ChatEvent {
  type: string;
  data: unknown;
}

/** An answer of HTTP that isn't the one that was wanted. */
export class HttpError extends Error {
  readonly status: number;

  /** @param detail what the real one says. */
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}
