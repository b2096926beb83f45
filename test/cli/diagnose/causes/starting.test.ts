import { expect, test } from "vitest";
import { runs } from "../support/model.ts";
import { about, ago, causesOf, evidenceOf } from "../support/snapshots.ts";

test("still starting, with the stage that it is at", () => {
  const init = [{ name: "puller-dolly", ready: false, state: { running: { startedAt: ago(3) } } }];
  const scene = runs([{ name: "phi", ready: false, state: { waiting: { reason: "PodInitializing" } } }], {
    init,
  });
  const subject = about("workspace/phi", scene);
  expect(causesOf(subject)).toEqual(["still-starting"]);
  expect(evidenceOf("still-starting", subject)).toBe(
    "pod models/phi-0 | container puller-dolly | runs for 3 min\npod models/phi-0 | container phi | PodInitializing",
  );
});
