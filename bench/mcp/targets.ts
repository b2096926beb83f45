/** A call that is measured. */
export interface ToolCall {
  tool: string;
  args: object;
  /** A text that every answer must hold. */
  expected: string;
  /** The most that half of the calls through the guard may take, in milliseconds. @default - no such limit */
  mostP50?: number;
}

/** A server that is measured. */
export interface Target {
  /** Its folder below `servers`. */
  server: string;
  env: Record<string, string>;
  calls: [ToolCall, ...ToolCall[]];
}

/** What is measured. */
export function targets(): Target[] {
  const echo: ToolCall = { tool: "echo", args: { message: "hello" }, expected: "Echo: hello" };
  return [{ server: "echo", env: {}, calls: [echo] }];
}
