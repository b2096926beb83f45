import { expect, test } from "vitest";
import { condition, event, platform, workspace } from "../support/objects.ts";
import { about, cause, causesOf, evidenceOf, together } from "../support/snapshots.ts";

/** KAITO 0.11.0 puts the error of its last attempt behind each message; see buildReconcileErrMessageAppender. */
const failing = (error: string) =>
  condition(
    "WorkspaceSucceeded",
    "False",
    "workspacePending",
    `workspace is waiting for inference workload readiness (last reconcile error: ${error})`,
  );
const asked = (preset: string, error: string, more: object = {}) =>
  together(platform, {
    objects: {
      workspaces: [workspace("phi", { preset, conditions: [failing(error)], targetNodeCount: 0, ...more })],
    },
  });

test.each([
  // Sources: estimator.go and workspace_controller.go of KAITO 0.11.0.
  "failed to update Workspace status targetNodeCount: failed to calculate target node count: GPU memory 25769803776 bytes is too small, needs at least 30.1 GB overhead (base: 2.3GB + KV Cache: 27.8 GB)",
  "estimated node count 5 exceeds the maximum allowed 3; node provisioning halted. Use a larger GPU instance type or reduce model/context size.",
])("too large: %s", (error) => {
  const subject = about("workspace/phi", asked("llama-3.3-70b-instruct", error));
  expect(causesOf(subject)[0]).toBe("model-too-large");
  const found = cause("model-too-large", subject);
  expect(found.consequences.map((each) => each.cause)).toContain("reconcile-error");
  expect(found.next[0]?.text).toMatch(/cheapest VM size that it fits on is Standard_/);
  expect(evidenceOf("model-too-large", subject)).toContain(
    "llama-3.3-70b-instruct on Standard_NC24ads_A100_v4 | estimate | it takes 3 nodes",
  );
});

test("too large by KAITO's event", () => {
  const object = workspace();
  const scene = together(platform, {
    objects: {
      workspaces: [object],
      events: [
        event(
          "Workspace",
          object,
          "NodeCountExceedsLimit",
          "estimated node count 4 exceeds the maximum allowed 3",
        ),
      ],
    },
  });
  expect(evidenceOf("model-too-large", about("workspace/phi", scene))).toContain(
    "event NodeCountExceedsLimit",
  );
});

test.each([
  ["phi-9", "failed to get model by name: model is not registered: phi-9", '"phi-9" is no preset of KAITO'],
  [
    "org/model",
    "failed to get model by name: unsupported model architecture for org/model: FooForX",
    "couldn't get what it needs to know about the model org/model",
  ],
])("unknown: %s", (preset, error, words) => {
  const subject = about("workspace/phi", asked(preset, error));
  expect(causesOf(subject)).toEqual(["model-unknown"]);
  expect(cause("model-unknown", subject).summary).toContain(words);
});

test("another error of KAITO's is told as it is, with what its conditions hide", () => {
  const subject = about(
    "workspace/phi",
    asked("phi-4-mini-instruct", "failed to get model weights: no idea"),
  );
  expect(causesOf(subject)).toEqual(["reconcile-error"]);
  expect(cause("reconcile-error", subject).summary).toContain("failed to get model weights: no idea");
  expect(evidenceOf("reconcile-error", subject)).toContain("status.targetNodeCount | 0: KAITO couldn't tell");
});
