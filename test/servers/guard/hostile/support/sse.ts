import { createParser } from "eventsource-parser";

/** A stream of the SSE transport that is open. */
export interface Stream {
  status: number;
  /** Where to post, as the stream's first event says. */
  endpoint: URL;
  /** Resolves with the next message. */
  next(): Promise<Record<string, unknown>>;
  close(): void;
}

/** Opens the SSE transport's stream. */
export async function openStream(base: URL, headers: Record<string, string>): Promise<Stream> {
  const gone = new AbortController();
  const response = await fetch(new URL("/sse", base), { headers, signal: gone.signal });
  const events: { event?: string | undefined; data: string }[] = [];
  const parser = createParser({ onEvent: (event) => void events.push(event) });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const event = async () => {
    while (events.length === 0) {
      const read = await reader?.read();
      if (read?.value === undefined) throw new Error("the stream has ended");
      parser.feed(read.value);
    }
    return events.shift()?.data ?? "";
  };
  const close = () => gone.abort();
  if (response.status !== 200) {
    await response.body?.cancel().catch(() => {});
    return { status: response.status, endpoint: base, next: async () => ({}), close };
  }
  const endpoint = new URL(await event(), base);
  return { status: 200, endpoint, next: async () => JSON.parse(await event()), close };
}
