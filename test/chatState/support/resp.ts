import { connect, type Socket } from "node:net";

/** As much of Redis' protocol as the tests ask: commands of texts, answers as they come. */
export class RespClient {
  private readonly socket: Socket;
  private buffer = "";

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      this.buffer += chunk;
    });
  }

  static async to(port: number): Promise<RespClient> {
    const socket = connect(port, "127.0.0.1");
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new RespClient(socket);
  }

  /** The answer to a command, whole as it was sent but for the last line's end. */
  async ask(...command: string[]): Promise<string> {
    this.buffer = "";
    this.socket.write(
      `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`,
    );
    while (!this.buffer.endsWith("\r\n")) await new Promise((resolve) => this.socket.once("data", resolve));
    return this.buffer.trimEnd();
  }

  close(): void {
    this.socket.destroy();
  }
}
