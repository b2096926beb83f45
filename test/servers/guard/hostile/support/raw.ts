import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";

/** An answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A connection on which a test says what it likes. */
export interface Line {
  socket: Socket;
  write(bytes: string | Buffer): void;
  /** Resolves with all that came, once the other side has ended the connection. */
  ended(): Promise<string>;
  /** Resolves once what came matches. */
  said(pattern: RegExp): Promise<void>;
}

/** Opens a connection to a server. */
export async function dial(url: URL): Promise<Line> {
  const socket = connect(Number(url.port), url.hostname);
  let got = "";
  socket.setEncoding("latin1").on("data", (data) => {
    got += data;
  });
  // A server that throws a connection away while we are still writing resets it.
  socket.on("error", () => {});
  const closed = once(socket, "close");
  await once(socket, "connect");
  return {
    socket,
    write: (bytes) => void socket.write(bytes, typeof bytes === "string" ? "latin1" : undefined),
    async ended() {
      await closed;
      return got;
    },
    async said(pattern) {
      while (!pattern.test(got)) {
        if (socket.closed) throw new Error(`the connection ended with ${JSON.stringify(got)}`);
        await Promise.race([once(socket, "data"), closed]);
        await setImmediate();
      }
    },
  };
}

/** Sends bytes, and returns all answers that came until the server ended the connection. */
export async function exchange(url: URL, ...bytes: (string | Buffer)[]): Promise<RawAnswer[]> {
  const line = await dial(url);
  for (const piece of bytes) line.write(piece);
  return answersIn(await line.ended());
}

/** The text of a request: its head's lines, and its body in bytes as latin1. */
export function request(lines: readonly string[], body = ""): string {
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** Takes answers apart: by Content-Length, by chunks, or to the end. */
export function answersIn(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== ""; ) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) throw new Error(`no answer of HTTP: ${JSON.stringify(rest)}`);
    const [first = "", ...fields] = rest.slice(0, end).split("\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
    if (Number.isNaN(status)) throw new Error(`no status line: ${JSON.stringify(first)}`);
    const headers: Record<string, string> = {};
    for (const field of fields) {
      const [name = "", ...value] = field.split(":");
      headers[name.toLowerCase()] = value.join(":").trim();
    }
    rest = rest.slice(end + 4);
    const length = status < 200 || status === 204 ? 0 : headers["content-length"];
    const chunked = headers["transfer-encoding"] === "chunked" ? rest.indexOf("0\r\n\r\n") + 5 : undefined;
    const size = chunked ?? (length === undefined ? rest.length : Number(length));
    answers.push({ status, headers, body: rest.slice(0, size) });
    rest = rest.slice(size);
  }
  return answers;
}
