import { describe, expect, it } from "vitest";
import type { ContainerStatus } from "../../../../components/mcpServerDeployment/rollout/objects.ts";
import { podTroubles } from "../../../../components/mcpServerDeployment/rollout/troubles.ts";
import { CRASHING, pod, SPEC } from "./fakes.ts";

const running: ContainerStatus = { name: "mcp-server", ready: true, state: { running: {} } };
const waiting = (name: string, reason: string, message?: string): ContainerStatus => ({
  name,
  ready: false,
  state: { waiting: { reason, ...(message && { message }) } },
});

describe("podTroubles", () => {
  it("says nothing of pods that run, of those from before and of those that go", () => {
    const gone = { ...pod([CRASHING]), metadata: { ...pod([]).metadata, deletionTimestamp: "now" } };
    expect(podTroubles([pod([running]), pod([CRASHING], { spec: "before" }), gone], SPEC)).toEqual([]);
  });

  it.each<[string, ContainerStatus[], object]>([
    [
      "crashes, whose last run tells more",
      [running, CRASHING],
      {
        container: "guard",
        words: "doesn't run (CrashLoopBackOff); ended with exit code 1",
        log: "previous",
      },
    ],
    [
      "was killed",
      [{ ...CRASHING, lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } } }],
      { words: "doesn't run (CrashLoopBackOff); ended with exit code 137 (OOMKilled)" },
    ],
    [
      "left a message",
      [{ ...CRASHING, state: { terminated: { exitCode: 2, message: "no such file\n" } } }],
      { words: "ended with exit code 2: no such file", log: "current" },
    ],
    [
      "can't be pulled",
      [waiting("mcp-server", "ImagePullBackOff", "no such tag")],
      { container: "mcp-server", words: "doesn't run (ImagePullBackOff): no such tag", events: false },
    ],
    ["isn't ready", [{ ...running, ready: false }], { words: "runs, and isn't ready", log: "current" }],
    [
      "is started anew and isn't ready",
      [{ ...running, ready: false, lastState: { terminated: { exitCode: 1 } } }],
      { words: "runs, and isn't ready; ended with exit code 1", log: "previous" },
    ],
    [
      "can't be started because of a volume, once for all",
      [waiting("mcp-server", "ContainerCreating"), waiting("guard", "ContainerCreating")],
      { container: "mcp-server", words: "is not started yet (ContainerCreating)", events: true },
    ],
  ])("tells of a container that %s", (_, containers, expected) => {
    expect(podTroubles([pod(containers)], SPEC)).toEqual([
      expect.objectContaining({ pod: "echo-new", ...expected }),
    ]);
  });

  it("names the init container that holds up all others", () => {
    const held = pod([waiting("mcp-server", "PodInitializing")], {
      initContainerStatuses: [waiting("copy-binary", "ErrImagePull", "denied")],
    });
    expect(podTroubles([held], SPEC)).toEqual([
      {
        pod: "echo-new",
        container: "copy-binary",
        words: "doesn't run (ErrImagePull): denied",
        events: false,
      },
    ]);
  });

  it("tells of a pod for which there is no node", () => {
    const conditions = [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }];
    expect(podTroubles([pod([], { conditions })], SPEC)).toEqual([
      { pod: "echo-new", words: "finds no node: 0/3 nodes are available", events: false },
    ]);
  });
});
