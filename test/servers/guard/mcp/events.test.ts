import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventSplitter, type Piece, piecesOf } from "../../../../servers/guard/mcp/events.ts";

async function pieces(contentType: string, ...chunks: string[]): Promise<Piece[]> {
  return Array.fromAsync(piecesOf(contentType, Readable.from(chunks.map((chunk) => Buffer.from(chunk)))));
}

const stream = "text/event-stream";

describe("a stream of events", () => {
  it("is cut after blank lines, whatever their ends, and wherever its chunks end", () => {
    const lines = fc.constantFrom("data: a\n", "data: ä\r\n", ": c\r", "id: 1\n", "\n", "\r\n", "\r");
    fc.assert(
      fc.property(fc.array(lines), fc.array(fc.nat(40)), (all, cuts) => {
        const bytes = Buffer.from(all.join(""));
        const whole = new EventSplitter().push(bytes);
        const splitter = new EventSplitter();
        const parts: Buffer[] = [];
        let start = 0;
        for (const cut of [...cuts, bytes.length]) {
          const end = Math.min(bytes.length, start + cut);
          parts.push(...splitter.push(bytes.subarray(start, end)));
          start = end;
        }
        // The LF of a CR LF may come with the next event, where a chunk ends between them.
        expect(Buffer.concat(parts).toString().replace(/\n$/, "")).toBe(
          Buffer.concat(whole).toString().replace(/\n$/, ""),
        );
        expect(bytes.toString().startsWith(Buffer.concat(parts).toString())).toBe(true);
      }),
    );
  });

  it("tells messages, ids and other events, and leaves the bytes as they are", async () => {
    const text =
      'id: 1\nevent: message\ndata: {"jsonrpc":"2.0",\ndata: "id":1}\n\n: ping\n\nevent: endpoint\ndata: /m\n\n';
    const found = await pieces(stream, text.slice(0, 30), text.slice(30));
    expect(found.map(({ raw }) => raw.toString()).join("")).toBe(text);
    expect(found).toMatchObject([
      { eventId: "1", messages: [{ id: 1 }] },
      { messages: [] },
      { event: "endpoint", data: "/m", messages: [] },
    ]);
  });

  it("leaves out an event that its end cuts off", async () => {
    expect(await pieces(stream, 'data: {"id":1}\n\ndata: {"id":2}\n')).toMatchObject([
      { messages: [{ id: 1 }] },
    ]);
  });
});

it("an answer of JSON is one piece, or several messages of it", async () => {
  expect(await pieces("application/json; charset=utf-8", '{"id"', ":1}")).toMatchObject([
    { messages: [{ id: 1 }] },
  ]);
  expect(await pieces("application/json", '[{"id":1},{"id":2}]')).toMatchObject([
    { messages: [{ id: 1 }, { id: 2 }] },
  ]);
  expect(await pieces("application/json", "oops")).toMatchObject([{ messages: [] }]);
});

it("an answer of another kind is passed on as it comes", async () => {
  expect((await pieces("text/plain", "a", "b")).map(({ raw }) => raw.toString())).toEqual(["a", "b"]);
});
