import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hostile, openSession, post, rpc, startHostile, tokens } from "./support/guard.ts";
import { answersIn, dial, exchange, request } from "./support/raw.ts";

const bodyBytes = 2048;
let guard: Hostile;
beforeAll(async () => {
  guard = await startHostile({ limits: { bodyBytes } });
});
afterAll(() => guard.close());

const head = ["POST /mcp HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
const asAlice = `Authorization: Bearer ${tokens.alice}`;
const call = (size: number) => {
  const empty =
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wipe","arguments":{"a":""}}}';
  return empty.replace('""', `"${"x".repeat(size - empty.length)}"`);
};
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

describe("a body over the limit", () => {
  it("is refused with 413, and one of just the limit is not", async () => {
    const over = await post(guard.url, call(bodyBytes + 1));
    expect(over.status).toBe(413);
    expect(over.rpc).toMatchObject({ id: null, error: { code: -32_600 } });
    await guard.untouched();
    await post(guard.url, call(bodyBytes));
    expect(guard.upstream.seen.splice(0)).toHaveLength(1);
  });

  it("is refused by its length alone: nobody has to send it", async () => {
    for (const length of [bodyBytes + 1, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
      const line = await dial(guard.url);
      line.write(request([...head, asAlice, `Content-Length: ${length}`]));
      const [answer] = answersIn(await line.ended());
      expect(answer?.status).toBe(413);
      expect(answer?.headers["connection"]).toBe("close");
    }
    await guard.untouched();
  });

  it("is refused when its chunks add up, without waiting for the last", async () => {
    const line = await dial(guard.url);
    line.write(request([...head, asAlice, "Transfer-Encoding: chunked"]));
    for (let i = 0; i < 5; i++) line.write(chunk("x".repeat(bodyBytes / 4)));
    const [answer] = answersIn(await line.ended());
    expect(answer?.status).toBe(413);
    await guard.untouched();
  });

  it("is refused as one even when it would be malformed, or belongs to no message", async () => {
    expect((await post(guard.url, "[".repeat(bodyBytes + 1))).status).toBe(413);
    expect((await post(guard.url, "\0".repeat(bodyBytes + 1))).status).toBe(413);
    await guard.untouched();
  });

  it("has a length that is a number, and one that is not negative", async () => {
    const lengths = ["-1", "+5", "0x10", "1e3", "5 5", "5,5", "", "99999999999999999999999999", "abc", "1.0"];
    for (const length of lengths) {
      const [answer] = await exchange(
        guard.url,
        request([...head, asAlice, `Content-Length: ${length}`], "12345"),
      );
      expect(answer?.status, length).toBe(400);
    }
    await guard.untouched();
  });

  it("has chunks whose sizes are numbers", async () => {
    for (const size of ["-1", "0x5", "5 5", "ffffffffffffffffff", "zz", ";", "5;\n", "+5"]) {
      const text = request([...head, asAlice, "Transfer-Encoding: chunked"], `${size}\r\n12345\r\n0\r\n\r\n`);
      expect((await exchange(guard.url, text)).at(-1)?.status, size).toBe(400);
    }
    await guard.untouched();
  });
});

describe("somebody whom nobody knows", () => {
  it("is refused before a byte of the body is there", async () => {
    for (const lines of [
      ["Content-Length: 1000"],
      ["Transfer-Encoding: chunked"],
      ["Content-Length: 999999"],
    ]) {
      const line = await dial(guard.url);
      line.write(request([...head, ...lines]));
      await line.said(/^HTTP\/1\.1 401 /);
      line.socket.destroy();
    }
    await guard.untouched();
  });
});

describe("a head over the limit", () => {
  const status = async (...lines: string[]) =>
    (await exchange(guard.url, request([...head, asAlice, "Connection: close", ...lines])))[0]?.status;

  it("is refused with 431: one long header, many, a long name", async () => {
    expect(await status(`X-Long: ${"x".repeat(20_000)}`)).toBe(431);
    expect(await status(...Array.from({ length: 2000 }, (_, i) => `X-${i}: 1234567890`))).toBe(431);
    expect(await status(`${"X".repeat(20_000)}: 1`)).toBe(431);
    await guard.untouched();
  });

  it("or a long path", async () => {
    const target = `/mcp?${"x".repeat(20_000)}`;
    const [answer] = await exchange(
      guard.url,
      request([`POST ${target} HTTP/1.1`, "Host: localhost", asAlice]),
    );
    expect(answer?.status).toBe(431);
    await guard.untouched();
  });

  it("and many tiny headers hide none: a duplicate behind them is still seen", async () => {
    const tiny = Array.from({ length: 1900 }, () => "a:");
    expect([400, 431]).toContain(await status(...tiny, "Mcp-Session-Id: a", "Mcp-Session-Id: b"));
    expect([400, 431]).toContain(await status(...tiny, ...tiny.slice(0, 300), "Authorization: Bearer x"));
    await guard.untouched();
  });
});

it("texts of a message that fit into the body are bounded where they are kept or said again", async () => {
  const session = await openSession(guard.url);
  guard.upstream.seen.length = 0;
  const headers = { "mcp-session-id": session };
  const long = "n".repeat(1500);
  const answer = await rpc(guard.url, { id: 1, method: "tools/call", params: { name: long } }, headers);
  expect(answer.status).toBe(400);
  expect(answer.text.length).toBeLessThan(300);
  const [entry] = guard.audit.splice(0).slice(-1);
  expect(String(entry?.["tool"]).length).toBeLessThanOrEqual(128);
  await guard.untouched();
});
