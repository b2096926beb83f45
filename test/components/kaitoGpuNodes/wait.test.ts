import { expect, it } from "vitest";
import { waitForNodes } from "../../../components/kaitoGpuNodes/wait.ts";
import { ReadError } from "../../../components/kubeApi/readError.ts";
import { node, PCI, surroundings } from "./fakes.ts";

const WAIT = { matchLabels: { "mcpaas.dev/pool": "gpu" }, minCount: 2, timeoutMinutes: 12 };
const NODES = "GPU nodes with mcpaas.dev/pool=gpu";
const NEVER = new AbortController().signal;

it("says nothing of nodes that can be used", async () => {
  const { around, said, time } = surroundings([node("a"), node("b")]);
  await waitForNodes(WAIT, around, NEVER);
  expect([said, time()]).toEqual([[], 0]);
});

it("says what it waits for, each thing once, and that it is over", async () => {
  const down = node("b", { ready: "False", labels: {} });
  const bare = node("b", { labels: PCI });
  const { around, said, time } = surroundings(
    [],
    [node("a"), down],
    [node("a"), down],
    [node("a"), bare],
    [node("a"), node("b")],
  );
  await waitForNodes(WAIT, around, NEVER);
  expect(said).toEqual([
    `waiting for ${NODES}: 0 of 2 can be used, 0 of them there (after 0 s)`,
    `waiting for ${NODES}: 1 of 2 can be used; b is not ready (cni is not ready) (after 5 s)`,
    expect.stringMatching(/: 1 of 2 can be used; b has no nvidia.com\/gpu.product, .* \(after 15 s\)$/),
    `${NODES}: 2 can be used (after 20 s)`,
  ]);
  expect(time()).toBe(20_000);
});

it("fails after its time with the node, the stage's remedy and the next command, and reminds until then", async () => {
  const { around, said, time } = surroundings([node("a"), node("b", { labels: PCI })]);
  await expect(waitForNodes(WAIT, around, NEVER)).rejects.toThrow(
    /^KAITO can't use the GPU nodes with mcpaas.dev\/pool=gpu after 12 min \(timeoutMinutes\): 1 of 2 can be used; b has no nvidia.com\/gpu.product, .*\nGPU feature discovery starts where .*\nSee why with: npm run diagnose -- component\/gpu-nodes\n/,
  );
  expect(time()).toBe(12 * 60_000);
  expect(said.map((line) => /still/.exec(line)?.[0] ?? "first")).toEqual(["first", "still", "still"]);
  expect(said.at(-1)).toMatch(/\(after 10 min\)$/);
});

it("bears with an API that doesn't answer, and says that at the end of its time", async () => {
  const silent = new ReadError("unreachable", "connection refused");
  const passing = surroundings(silent, [node("a"), node("b")]);
  await waitForNodes(WAIT, passing.around, NEVER);
  expect(passing.said[0]).toBe(
    `warning: waiting for ${NODES}: the Kubernetes API doesn't answer: connection refused (after 0 s)`,
  );
  await expect(waitForNodes(WAIT, surroundings(silent).around, NEVER)).rejects.toThrow(
    "after 12 min (timeoutMinutes): the Kubernetes API doesn't answer: connection refused\nSee why with",
  );
});

it("doesn't bear with one that says no, or with what it can't understand", async () => {
  const forbidden = surroundings(new ReadError("forbidden", "HTTP 403: no")).around;
  await expect(waitForNodes(WAIT, forbidden, NEVER)).rejects.toThrow(
    "may not look at nodes: HTTP 403: no; the kubeconfig's user needs list on nodes",
  );
  await expect(waitForNodes(WAIT, surroundings(new Error("odd")).around, NEVER)).rejects.toThrow("odd");
});

it("ends when the engine cancels, with what it last saw", async () => {
  const { around } = surroundings([]);
  const controller = new AbortController();
  const sleep = around.sleep;
  around.sleep = async (ms, signal) => {
    controller.abort();
    await sleep(ms, signal);
  };
  await expect(waitForNodes(WAIT, around, controller.signal)).rejects.toThrow(
    `stopped waiting for ${NODES}: 0 of 2 can be used, 0 of them there; the next pulumi up waits for them again`,
  );
});
