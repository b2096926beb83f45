import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

const DATA = 0;
const ERROR = 1;

/**
 * What a kubelet does for `pods/portforward` over a WebSocket: a channel for data and one for errors, of which each
 * message begins with its channel, and the first of each has the port alone. Source: handleWebSocketStreams in
 * pkg/cri/streaming/portforward/websocket.go of k8s.io/kubelet 0.35.4.
 *
 * @param to host and port of the pod's program
 */
export function forwardPort(request: IncomingMessage, socket: Duplex, port: number, to: URL): void {
  const key = request.headers["sec-websocket-key"];
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n" +
      `sec-websocket-accept: ${accept}\r\nsec-websocket-protocol: v4.channel.k8s.io\r\n\r\n`,
  );
  const send = (channel: number, data: Buffer) => socket.write(frame(Buffer.of(channel, ...data)));
  const portBytes = Buffer.alloc(2);
  portBytes.writeUInt16LE(port);
  send(DATA, portBytes);
  send(ERROR, portBytes);

  const program = connect(Number(to.port), to.hostname);
  program.on("data", (data) => send(DATA, data));
  program.on("error", (error) => {
    const words = `dial tcp4 127.0.0.1:${port}: connect: connection refused (${error.message})`;
    send(ERROR, Buffer.from(`error forwarding port ${port} to pod x, uid : ${words}`));
  });
  // Opcode 8 closes.
  program.on("close", () => socket.end(frame(Buffer.alloc(0), 8)));
  let left: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    const { messages, rest } = unframed(Buffer.concat([left, chunk]));
    left = rest;
    for (const message of messages) program.write(message.subarray(1));
  });
  socket.on("error", () => {});
  socket.on("close", () => program.destroy());
}

/** RFC 6455, 5.2, as a server sends it. */
function frame(data: Buffer, opcode = 2): Buffer {
  const head = Buffer.alloc(data.length < 126 ? 2 : 4);
  head[0] = 0x80 | opcode;
  head[1] = Math.min(data.length, 126);
  if (data.length > 125) head.writeUInt16BE(data.length, 2);
  return Buffer.concat([head, data]);
}

/** The same as a client does, which masks what it sends. */
function unframed(bytes: Buffer): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  let rest = bytes;
  for (;;) {
    const short = (rest[1] ?? 0) & 0x7f;
    const head = short === 126 ? 4 : 2;
    if (rest.length < head + 4) return { messages, rest };
    const length = short === 126 ? rest.readUInt16BE(2) : short;
    if (rest.length < head + 4 + length) return { messages, rest };
    const mask = rest.subarray(head, head + 4);
    const data = rest
      .subarray(head + 4, head + 4 + length)
      .map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    if (((rest[0] ?? 0) & 0xf) === 2) messages.push(Buffer.from(data));
    rest = rest.subarray(head + 4 + length);
  }
}
