import { afterAll, beforeAll, expect, it } from "vitest";
import { type Hostile, startHostile, tokens } from "./support/guard.ts";
import { answersIn, dial, type Line, request } from "./support/raw.ts";

let guard: Hostile;
beforeAll(async () => {
  // The least that the settings allow; the parser looks for slow ones once a second.
  guard = await startHostile({ limits: { requestSeconds: 1 } });
});
afterAll(() => guard.close());

const asAlice = `Authorization: Bearer ${tokens.alice}`;
const head = ["POST /mcp HTTP/1.1", "Host: localhost", "Content-Type: application/json"];

const slow: Record<string, (line: Line) => void> = {
  "that says nothing at all": () => {},
  "that says a letter": (line) => line.write("P"),
  "that stops in the request line": (line) => line.write("POST /mcp HT"),
  "that stops between headers": (line) => line.write(`${head.join("\r\n")}\r\n${asAlice}\r\n`),
  "that stops in a header": (line) => line.write(`${head.join("\r\n")}\r\nX-Slow: `),
  "that sends no body": (line) => line.write(request([...head, asAlice, "Content-Length: 50"])),
  "that stops in the body": (line) =>
    line.write(request([...head, asAlice, "Content-Length: 50"], '{"jsonrpc":"2.0",')),
  "that stops between chunks": (line) =>
    line.write(request([...head, asAlice, "Transfer-Encoding: chunked"], '5\r\n{"id"\r\n')),
  "that stops in a chunk": (line) =>
    line.write(request([...head, asAlice, "Transfer-Encoding: chunked"], "ff\r\n{")),
  "that never ends its trailers": (line) =>
    line.write(request([...head, asAlice, "Transfer-Encoding: chunked"], "2\r\n{}\r\n0\r\nX-Slow: 1\r\n")),
  "that waits to be asked for its body": (line) =>
    line.write(request([...head, asAlice, "Content-Length: 50", "Expect: 100-continue"])),
  "whose second request is slow": (line) => {
    line.write(request(["GET /nowhere HTTP/1.1", "Host: localhost"]));
    line.write("POST /mcp HTTP/1.1\r\n");
  },
};

it("a client that is slow is let go, and has got nothing to the server", async () => {
  // All at once, because each takes a second or two.
  const ends = Object.entries(slow).map(async ([name, begin]) => {
    const line = await dial(guard.url);
    begin(line);
    const answers = answersIn(await line.ended()).filter(({ status }) => status !== 100 && status !== 404);
    // Who has said something is told why.
    for (const { status, headers } of answers) {
      expect([status, headers["connection"]], name).toEqual([408, "close"]);
    }
  });
  const line = await dial(guard.url);
  line.write(request([...head, asAlice, "Content-Length: 100000"]));
  const drip = setInterval(() => line.write(" "), 50);
  try {
    expect(answersIn(await line.ended())[0]?.status).toBe(408);
  } finally {
    clearInterval(drip);
  }
  await Promise.all(ends);
  await guard.untouched();
});
