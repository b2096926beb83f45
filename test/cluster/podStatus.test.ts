import type { V1Pod } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { statusWith } from "../../rehearsal/cluster/podStatus.ts";

const before = new Date("2026-01-01T00:00:00Z");
const startedAt = new Date("2026-01-01T01:00:00Z");
const finishedAt = new Date("2026-01-01T01:00:05Z");
const now = new Date("2026-01-01T01:00:06Z");
const ending = { exitCode: 2, startedAt, finishedAt };

/** A pod as kwok leaves it: everything runs and is ready. */
const pod: V1Pod = {
  metadata: { name: "kmcp-1", namespace: "kmcp-system", uid: "u1" },
  status: {
    phase: "Running",
    conditions: ["Initialized", "Ready", "ContainersReady"].map((type) => ({
      type,
      status: "True",
      lastTransitionTime: before,
    })),
    containerStatuses: ["manager", "proxy"].map((name) => ({
      name,
      image: name,
      imageID: "",
      ready: true,
      restartCount: 0,
      state: { running: { startedAt: before } },
    })),
  },
};

const down = statusWith(pod, "manager", { kind: "waiting", backOffMs: 2000, ending, restarts: 1 }, now);

test("a container whose program is down is in CrashLoopBackOff, with how it ended; the others stay", () => {
  expect(down.containerStatuses).toEqual([
    {
      name: "manager",
      image: "manager",
      imageID: "",
      ready: false,
      started: false,
      restartCount: 1,
      state: {
        waiting: {
          reason: "CrashLoopBackOff",
          message: "back-off 2s restarting failed container=manager pod=kmcp-1_kmcp-system(u1)",
        },
      },
      lastState: { terminated: { exitCode: 2, reason: "Error", startedAt, finishedAt } },
    },
    pod.status?.containerStatuses?.[1],
  ]);
});

test("its pod is not ready, and says whose fault that is and since when", () => {
  const unready = {
    status: "False",
    reason: "ContainersNotReady",
    message: "containers with unready status: [manager]",
    lastTransitionTime: now,
  };
  expect(down.conditions).toEqual([
    pod.status?.conditions?.[0],
    { type: "Ready", ...unready },
    { type: "ContainersReady", ...unready },
  ]);
});

test("a second crash doesn't change since when the pod is not ready", () => {
  const later = new Date("2026-01-01T02:00:00Z");
  const again = statusWith(
    { ...pod, status: { ...pod.status, ...down } },
    "manager",
    { kind: "waiting", backOffMs: 4000, ending, restarts: 2 },
    later,
  );
  expect(again.conditions?.[1]?.lastTransitionTime).toEqual(now);
});

test("once it runs again the pod is ready, and keeps count and last end", () => {
  const since = new Date("2026-01-01T01:00:08Z");
  const up = statusWith(
    { ...pod, status: { ...pod.status, ...down } },
    "manager",
    { kind: "running", since, restarts: 2, ready: true },
    since,
  );
  expect(up.containerStatuses?.[0]).toMatchObject({
    ready: true,
    restartCount: 2,
    state: { running: { startedAt: since } },
    lastState: { terminated: { exitCode: 2 } },
  });
  // Empty, not absent: absent from a patch means as it was.
  expect(up.conditions?.[1]).toEqual({
    type: "Ready",
    status: "True",
    reason: "",
    message: "",
    lastTransitionTime: since,
  });
});

test("a container that runs and isn't ready yet keeps its pod unready", () => {
  const running = statusWith(pod, "manager", { kind: "running", since: now, restarts: 0, ready: false }, now);
  expect(running.containerStatuses?.[0]).toMatchObject({
    ready: false,
    state: { running: { startedAt: now } },
  });
  expect(running.conditions?.[1]).toMatchObject({ type: "Ready", status: "False" });
});

test("the pod stays unready while another container is", () => {
  const both = statusWith(
    { ...pod, status: { ...pod.status, ...down } },
    "proxy",
    { kind: "waiting", backOffMs: 1000, ending: { ...ending, exitCode: 0 }, restarts: 0 },
    now,
  );
  expect(both.conditions?.[1]?.message).toBe("containers with unready status: [manager proxy]");
  expect(both.containerStatuses?.[1]?.lastState?.terminated?.reason).toBe("Completed");
  const one = statusWith(
    { ...pod, status: { ...pod.status, ...both } },
    "manager",
    { kind: "running", since: now, restarts: 1, ready: true },
    now,
  );
  expect(one.conditions?.[1]).toMatchObject({
    status: "False",
    message: "containers with unready status: [proxy]",
  });
});
