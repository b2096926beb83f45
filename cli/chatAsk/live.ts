import { io, WebSocket as NativeWebSocket, type Socket } from "socket.io-client";

/** What happens while an answer is made. */
export interface Watcher {
  /** More of the answer. */
  onText(text: string): void;
  /** The model has asked for a tool, and it is being called. */
  onCall(id: string, tool: string): void;
  /** A tool has answered. */
  onResult(id: string): void;
  /** Something has happened after which the stored message is worth a look. */
  onStep(): void;
}

/** A connection by which the chat app tells of an answer while it is made. */
export interface Live {
  /** The session's id, to be named with the question. */
  id: string;
  /** Whom to tell, about which message. */
  watch(message: string, watcher: Watcher): void;
  close(): void;
}

/** One of the events of a message. Source: get_event_emitter in socket/main.py, utils/middleware.py of 0.12.4. */
interface ChatEvent {
  message_id?: string;
  data?: { type?: string; data?: Step };
}

interface Step {
  type?: string;
  delta?: string;
  item?: { type?: string; call_id?: string; name?: string; status?: string };
}

/**
 * Opens the connection that the page has, by WebSocket.
 *
 * @param timeoutMs how long to try
 * @param signal ends the attempt
 * @returns undefined when it can't be had: an answer can then only be waited for
 */
export async function openLive(
  base: URL,
  token: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Live | undefined> {
  const socket = io(base.href, {
    path: "/ws/socket.io",
    // Node's own, which knows HTTP_PROXY; the server takes nothing but WebSockets.
    transports: [NativeWebSocket],
    auth: { token },
    timeout: timeoutMs,
    reconnectionAttempts: 3,
  });
  const open = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("connect_error", () => resolve(false));
    signal.addEventListener("abort", () => resolve(false), { once: true });
    if (signal.aborted) resolve(false);
  });
  if (!open) {
    socket.disconnect();
    return undefined;
  }
  return {
    id: socket.id ?? "",
    watch: (message, watcher) => listen(socket, message, watcher),
    close: () => socket.disconnect(),
  };
}

function listen(socket: Socket, message: string, watcher: Watcher): void {
  socket.on("events", (event: ChatEvent, answer?: (value: unknown) => void) => {
    if (event.message_id !== message) return;
    const { type, data } = event.data ?? {};
    // A tool asks somebody who looks at a page; nobody does here.
    if (type === "request:elicitation") answer?.({ action: "cancel" });
    else if (type === "confirmation" || type === "input") answer?.(false);
    else if (type === "response:completion" && data) step(data, watcher);
    else if (type?.startsWith("chat:")) watcher.onStep();
  });
}

function step({ type, delta = "", item }: Step, watcher: Watcher): void {
  const id = item?.call_id ?? "";
  if (type === "response.output_text.delta") watcher.onText(delta);
  else if (type !== "response.output_item.done") return;
  else if (item?.type === "function_call") watcher.onCall(id, item.name ?? "");
  else if (item?.type === "function_call_output") watcher.onResult(id);
}
