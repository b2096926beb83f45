import { Agent, request } from "node:http";
import { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { connectionAge } from "../../../servers/guard/http/connectionAge.ts";
import { callOf, closing, guardedFixture, openSession } from "./helpers.ts";

it("ends a connection with an answer once it is old, and the next call comes by a new one", async () => {
  let now = 0;
  const { front } = await guardedFixture({ listen: { connectionSeconds: 60 } }, { now: () => now });
  const headers = {
    ...(await openSession(front.url)),
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  closing({ close: () => agent.destroy() });
  const call = async () => {
    const sent = request(front.url, { agent, method: "POST", headers });
    const answered = new Promise<{ port: number | undefined; connection: string | undefined }>((resolve) => {
      sent.once("response", async (response) => {
        const port = response.socket.localPort;
        expect(await text(response)).toContain("Echo: hi");
        resolve({ port, connection: response.headers.connection });
      });
    });
    sent.end(JSON.stringify(callOf("echo", { message: "hi" })));
    return answered;
  };
  const first = await call();
  now = 44_000;
  expect(await call()).toEqual({ ...first, connection: "keep-alive" });
  now = 76_000;
  expect(await call()).toEqual({ ...first, connection: "close" });
  const next = await call();
  expect(next.connection).toBe("keep-alive");
  expect(next.port).not.toBe(first.port);
});

it("gives each connection a little more or less, and all of them for ever with 0", () => {
  let now = 0;
  const [one, other] = [new Socket(), new Socket()];
  const share = [0, 1];
  const isOld = connectionAge(
    100,
    () => now,
    () => share.shift() ?? 0.5,
  );
  expect([isOld(one), isOld(other)]).toEqual([false, false]);
  now = 75_000;
  expect([isOld(one), isOld(other)]).toEqual([true, false]);
  now = 125_000;
  expect(isOld(other)).toBe(true);
  const never = connectionAge(0, () => now);
  expect([never(one), never(one)]).toEqual([false, false]);
});
