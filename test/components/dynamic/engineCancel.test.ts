import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { untilCancelled } from "../../../components/dynamic/engineCancel.ts";

/** Calls a method of a provider as the engine does, over HTTP/2. */
async function call(method: string, meanwhile: () => Promise<void>) {
  const server = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const request = client.request({ ":method": "POST", ":path": `/pulumirpc.ResourceProvider/${method}` });
  await new Promise((resolve) => request.on("close", resolve).resume().end());
  await meanwhile();
  client.close();
  await new Promise((resolve) => server.close(resolve));
}

it("tells the work that the engine cancels, and no other call", async () => {
  await untilCancelled(async (cancelled) => {
    await call("Create", async () => expect(cancelled.aborted).toBe(false));
    await call("Cancel", async () => expect(cancelled.aborted).toBe(true));
  });
});

it("stops listening when the work has ended, well or not", async () => {
  let signal: AbortSignal | undefined;
  const work = untilCancelled(async (cancelled) => {
    signal = cancelled;
    throw new Error("no");
  });
  await expect(work).rejects.toThrow("no");
  await call("Cancel", async () => expect(signal?.aborted).toBe(false));
});
