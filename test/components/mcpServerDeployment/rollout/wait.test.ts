import { expect, it } from "vitest";
import { ReadError } from "../../../../components/kubeApi/readError.ts";
import { waitForRollout } from "../../../../components/mcpServerDeployment/rollout/wait.ts";
import { CRASHED, CRASHING, DONE, deployment, pod, surroundings, WAIT } from "./fakes.ts";

const NEVER = new AbortController().signal;

it("says nothing of pods that run", async () => {
  const { around, said, time } = surroundings(DONE);
  await waitForRollout(WAIT, around, NEVER);
  expect([said, time()]).toEqual([[], 0]);
});

it("isn't content with the pods from before, and says what it waits for, each thing once", async () => {
  const before = { ...DONE, deployment: deployment({}, { spec: "before" }) };
  const { around, said, time } = surroundings(before, before, CRASHED, DONE);
  await waitForRollout(WAIT, around, NEVER);
  expect(said).toEqual([
    "MCP server mcp/echo: KMCP hasn't changed its Deployment yet (after 0 s)",
    "MCP server mcp/echo: 1 old pods still there; pod echo-new, guard doesn't run (CrashLoopBackOff); ended with " +
      "exit code 1 (its last line: last words of guard, previous) (after 4 s)",
    "MCP server mcp/echo: 1 of 1 new pods available (after 6 s)",
  ]);
  expect(time()).toBe(6_000);
});

it("fails with what the new pods' containers say when Kubernetes gives them up", async () => {
  const late = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" };
  const given = { ...CRASHED, deployment: deployment({ replicas: 2, conditions: [late] }) };
  const { around, time } = surroundings(given);
  await expect(waitForRollout(WAIT, around, NEVER)).rejects.toThrow(
    "MCP server mcp/echo: its new pods don't come up (ProgressDeadlineExceeded)\n" +
      "  pod echo-new, guard doesn't run (CrashLoopBackOff); ended with exit code 1: last words of guard, previous\n" +
      "See more with: kubectl -n mcp describe pods -l app.kubernetes.io/name=echo\n" +
      "Pods from before go on if there are any, and nothing that they need is deleted",
  );
  expect(time()).toBe(0);
});

it("fails after its time, with events where nothing else tells why, and reminds until then", async () => {
  const creating = { name: "guard", ready: false, state: { waiting: { reason: "ContainerCreating" } } };
  const { around, said, time } = surroundings({ ...CRASHED, pods: [pod([creating])] });
  await expect(waitForRollout(WAIT, around, NEVER)).rejects.toThrow(
    /not rolled out after 10 min \(readyTimeoutMinutes\): 1 old pods still there\n.*guard is not started yet \(ContainerCreating\): secret not found\n/,
  );
  expect(time()).toBe(10 * 60_000);
  expect(said.map((line) => /still (?=1)/.exec(line)?.[0] ?? "first")).toEqual(["first", "still "]);
});

it("tells of a few pods only, and of each a line of bounded length", async () => {
  const long = { ...CRASHING, state: { waiting: { reason: "X", message: "y".repeat(900) } } };
  const pods = Array.from({ length: 9 }, (_, i) => pod([long], { name: `p${i}` }));
  const error = await waitForRollout(
    { ...WAIT, timeoutMinutes: 0 },
    surroundings({ ...CRASHED, pods }).around,
    NEVER,
  ).catch((reason: Error) => reason);
  expect(String(error)).toMatch(/pod p3, .*y…: last words.*\n {2}and 5 more\n/);
  expect(String(error)).not.toContain("p4");
});

it("bears with an API that doesn't answer, and says that at the end of its time", async () => {
  const silent = new ReadError("unreachable", "connection refused");
  const passing = surroundings(silent, DONE);
  await waitForRollout(WAIT, passing.around, NEVER);
  expect(passing.said[0]).toBe(
    "warning: MCP server mcp/echo: the Kubernetes API doesn't answer: connection refused (after 0 s)",
  );
  await expect(waitForRollout(WAIT, surroundings(silent).around, NEVER)).rejects.toThrow(
    "after 10 min (readyTimeoutMinutes): the Kubernetes API doesn't answer: connection refused",
  );
});

it("doesn't bear with one that says no, with a server that is gone, or with what it can't understand", async () => {
  const failing = (error: Error) => waitForRollout(WAIT, surroundings(error).around, NEVER);
  await expect(failing(new ReadError("forbidden", "HTTP 403: no"))).rejects.toThrow(
    /may not look at MCP server mcp\/echo: HTTP 403: no; the kubeconfig's user needs get on mcpservers/,
  );
  await expect(failing(new ReadError("absent", "HTTP 404"))).rejects.toThrow("mcp/echo is gone");
  await expect(failing(new Error("odd"))).rejects.toThrow("odd");
});

it("ends when the engine cancels, with what it last saw", async () => {
  const { around } = surroundings({ ...CRASHED, pods: [] });
  const controller = new AbortController();
  const sleep = around.sleep;
  around.sleep = async (ms, signal) => {
    controller.abort();
    await sleep(ms, signal);
  };
  await expect(waitForRollout(WAIT, around, controller.signal)).rejects.toThrow(
    "stopped waiting for MCP server mcp/echo: 1 old pods still there; the next pulumi up waits for it again",
  );
});
