import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Sockets } from "./sockets.ts";

/** A name server on this machine. */
export interface DnsServer {
  port: number;
  close(): Promise<void>;
}

const aRecord = 1;
const okOrNotThere = { ok: 0, nameError: 3 };

/**
 * Answers, over TCP, that a name which is known leads to this machine, and that any other isn't there. Of records it
 * has addresses of version 4 only. Source: RFC 1035, sections 4.1 and 4.2.2.
 */
export async function startDnsServer(isKnown: (name: string) => boolean): Promise<DnsServer> {
  const sockets = new Sockets();
  const server = createServer((socket) => serve(sockets.track(socket), isKnown));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      sockets.destroy();
      await once(server, "close");
    },
  };
}

function serve(socket: Socket, isKnown: (name: string) => boolean): void {
  let read: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    const { messages, rest } = messagesIn(Buffer.concat([read, chunk]));
    read = rest;
    for (const message of messages) {
      const answer = answerTo(message, isKnown);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.write(Buffer.concat([length, answer]));
    }
  });
}

/** The whole messages of a stream, each of which says its length first, and what is left of it. */
export function messagesIn(stream: Buffer): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  let rest = stream;
  while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE()) {
    const end = 2 + rest.readUInt16BE();
    messages.push(rest.subarray(2, end));
    rest = rest.subarray(end);
  }
  return { messages, rest };
}

/** The answer to a message with one question. */
export function answerTo(message: Buffer, isKnown: (name: string) => boolean): Buffer {
  const { name, end } = nameAt(message, 12);
  const question = message.subarray(12, end + 4);
  const known = isKnown(name);
  const answers = known && message.readUInt16BE(end) === aRecord ? 1 : 0;
  const header = Buffer.alloc(12);
  message.copy(header, 0, 0, 2);
  // An answer, by who is in charge of the name, with recursion wanted and to be had.
  header.writeUInt16BE(0x8580 | (known ? okOrNotThere.ok : okOrNotThere.nameError), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers, 6);
  // The name as a pointer to the question's, type A, class IN, 60 s, and four bytes of address.
  const record = Buffer.from([0xc0, 12, 0, aRecord, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
  return Buffer.concat([header, question, ...(answers ? [record] : [])]);
}

function nameAt(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  return { name: labels.join("."), end: at + 1 };
}
