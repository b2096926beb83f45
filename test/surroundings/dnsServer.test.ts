import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { answerTo, messagesIn, startDnsServer } from "../../rehearsal/network/dnsServer.ts";

/** A question as it stands in a message: its name's labels, type and class IN. */
function question(name: string, type: number): Buffer {
  const labels = name.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  const header = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...labels, Buffer.from([0, type >> 8, type & 0xff, 0, 1])]);
}

const known = (name: string) => name === "chat.example.com";

test("a name that is known has this machine's address, and no other records", () => {
  const asked = question("Chat.example.COM", 1);
  const answer = answerTo(asked, known);
  expect(answer.subarray(0, 2)).toEqual(asked.subarray(0, 2));
  expect(answer.readUInt16BE(2)).toBe(0x8580);
  expect(answer.readUInt16BE(6)).toBe(1);
  expect([...answer.subarray(-4)]).toEqual([127, 0, 0, 1]);
  for (const type of [28, 257]) {
    const other = answerTo(question("chat.example.com", type), known);
    expect([other.readUInt16BE(2) & 0xf, other.readUInt16BE(6)]).toEqual([0, 0]);
  }
});

test("any other name isn't there", () => {
  const answer = answerTo(question("other.example.com", 1), known);
  expect([answer.readUInt16BE(2) & 0xf, answer.readUInt16BE(6)]).toEqual([3, 0]);
});

const sent = (message: Buffer) => Buffer.concat([Buffer.from([0, message.length]), message]);

test("several messages come in one stream, cut wherever it pleases", () => {
  const [one, other] = [question("chat.example.com", 1), question("other.example.com", 1)];
  const stream = Buffer.concat([sent(one), sent(other)]);
  expect(messagesIn(stream)).toEqual({ messages: [one, other], rest: Buffer.alloc(0) });
  for (const cut of [0, 1, 2, 5, sent(one).length - 1]) {
    expect(messagesIn(stream.subarray(0, cut))).toEqual({ messages: [], rest: stream.subarray(0, cut) });
  }
  const begun = stream.subarray(0, sent(one).length + 1);
  expect(messagesIn(begun)).toEqual({ messages: [one], rest: begun.subarray(-1) });
});

test("a question over a connection is answered there", async () => {
  const server = await startDnsServer(known);
  onTestFinished(() => server.close());
  const client = connect(server.port, "127.0.0.1");
  client.write(sent(question("chat.example.com", 1)));
  const [answer] = (await once(client, "data")) as [Buffer];
  expect(answer.readUInt16BE()).toBe(answer.length - 2);
  expect([...answer.subarray(-4)]).toEqual([127, 0, 0, 1]);
});
