import type { Id, RpcMessage } from "../mcp/message.ts";
import type { Session } from "../mcp/sessions.ts";
import type { ToolCall } from "./toolCall.ts";

/** Ends the call that a client has just cancelled: no answer to it comes any more. */
export function endCancelled(session: Session<ToolCall> | undefined, { method, params }: RpcMessage): void {
  if (method !== "notifications/cancelled") return;
  session?.calls.get(params?.["requestId"] as Id)?.cancel();
}

/** Ends calls whose answers come on another stream than the one on which they were asked for. */
export async function settleIn(
  session: Session<ToolCall> | undefined,
  messages: readonly RpcMessage[],
): Promise<void> {
  for (const message of messages) {
    const call = session?.calls.get(message.id as Id);
    if (call?.isAnswer(message)) await call.settle(message);
  }
}
