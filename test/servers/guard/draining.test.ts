import { expect, it } from "vitest";
import { callOf, Deadlines, guardedFixture, messagesOf, openSession, post } from "./helpers.ts";

const reason = async (url: URL) => {
  const response = await fetch(new URL("/readyz", url));
  return ((await response.json()) as { reason?: string }).reason;
};

it("goes on answering while it drains, by connections that end, and says that it isn't ready", async () => {
  const deadlines = new Deadlines();
  const { front } = await guardedFixture({ drainSeconds: 5 }, { deadlines });
  const session = await openSession(front.url);
  const stream = await fetch(front.url, { headers: { ...session, accept: "text/event-stream" } });
  const closed = front.close();
  expect(await reason(front.managementUrl)).toBe("The guard is shutting down");
  for (const id of [1, 2]) {
    const answer = await post(front.url, callOf("echo", { message: "late" }, id), session);
    expect(answer.headers.get("connection")).toBe("close");
    expect(await messagesOf(answer)).toMatchObject([{ result: { content: [{ text: "Echo: late" }] } }]);
  }
  deadlines.pass();
  // Only then: a client that is sent away earlier may come back to this very pod.
  expect(await stream.text()).toBe("");
  await closed;
  await expect(post(front.url, callOf("echo"), session)).rejects.toThrow("fetch failed");
});

it("tells the server's preStop hook when the last call has its answer", async () => {
  const deadlines = new Deadlines();
  const { front, fixture } = await guardedFixture(
    { drainSeconds: 7, shutdownGraceSeconds: 600 },
    { deadlines },
  );
  const session = await openSession(front.url);
  const order: string[] = [];
  const call = post(front.url, callOf("wait"), session)
    .then((answer) => answer.text())
    .then(() => order.push("answered"));
  await fixture.waiting;
  const asked = fetch(new URL("/drained", front.managementUrl)).then(async (answer) => {
    order.push("drained");
    return answer.json();
  });
  const closed = front.close();
  await fetch(new URL("/healthz", front.managementUrl));
  deadlines.pass(7);
  expect(await reason(front.managementUrl)).toBe("The guard is shutting down");
  expect(order).toEqual([]);
  fixture.release();
  await call;
  expect(await asked).toEqual({ status: "drained" });
  await closed;
  expect(order).toEqual(["answered", "drained"]);
});

it("doesn't hold up a server that is started anew alone", async () => {
  const deadlines = new Deadlines();
  const { front } = await guardedFixture({}, { deadlines });
  const asked = fetch(new URL("/drained", front.managementUrl));
  await fetch(new URL("/healthz", front.managementUrl));
  deadlines.pass();
  expect(await (await asked).json()).toEqual({ status: "serving" });
});
