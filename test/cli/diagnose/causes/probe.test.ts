import { describe, expect, test } from "vitest";
import { runs } from "../support/model.ts";
import { event, runningNotReady } from "../support/objects.ts";
import { about, cause, causesOf, type Scene, together } from "../support/snapshots.ts";

describe("probes", () => {
  const probe = { startupProbe: { failureThreshold: 180, periodSeconds: 10 } };
  const slow = (minutes: number) =>
    runs([runningNotReady("phi", minutes)], { spec: { containers: [{ name: "phi", ...probe }] } });
  const failing = (scene: Scene, reason: string, message: string): Scene => {
    const [pod] = scene.objects?.pods ?? [];
    return together(scene, { objects: { events: [event("Pod", pod as never, reason, message, 30)] } });
  };
  // Source: pkg/kubelet/prober/prober.go of Kubernetes 1.35.
  const refused =
    'Startup probe failed: Get "http://10.0.0.9:5000/health": dial tcp 10.0.0.9:5000: connect: connection refused';

  test("that fail while a model loads are as they should be", () => {
    const subject = about("workspace/phi", failing(slow(10), "Unhealthy", refused));
    expect(causesOf(subject)).toEqual(["probe-failing"]);
    expect(cause("probe-failing", subject).summary).toContain("It is loading");
    expect(cause("probe-failing", subject).likelihood).toBeLessThan(0.6);
  });

  test("that fail for longer than they may aren't", () => {
    const subject = about("workspace/phi", failing(slow(40), "Unhealthy", refused));
    expect(causesOf(subject)).toEqual(["probe-failing"]);
    expect(cause("probe-failing", subject)).toMatchObject({
      likelihood: 0.8,
      summary: "It runs and doesn't answer its probe.",
    });
  });

  test("for which the kubelet starts it again", () => {
    const subject = about(
      "workspace/phi",
      failing(slow(5), "Killing", "Container phi failed startup probe, will be restarted"),
    );
    expect(cause("probe-failing", subject).summary).toContain("started again and again");
  });
});
