import { describe, expect, it } from "vitest";
import type { RolloutObjects } from "../../../../components/mcpServerDeployment/rollout/objects.ts";
import { rolloutStage } from "../../../../components/mcpServerDeployment/rollout/stage.ts";
import { DONE, deployment, SPEC, server } from "./fakes.ts";

const wanted = { spec: SPEC, replicas: 1 };
const no = (type: string, observedGeneration = 3) => ({
  type,
  status: "False",
  reason: "Reason",
  message: "because",
  observedGeneration,
});
const late = {
  type: "Progressing",
  status: "False",
  reason: "ProgressDeadlineExceeded",
  message: "timed out",
};

describe("rolloutStage", () => {
  it.each<[string, Partial<RolloutObjects>, string, string]>([
    ["no Deployment", { deployment: undefined }, "under way", "KMCP hasn't made its Deployment yet"],
    [
      "the Deployment of the spec before, whose pods all run",
      { deployment: deployment({}, { spec: "before" }) },
      "under way",
      "KMCP hasn't changed its Deployment yet",
    ],
    [
      "one with other replicas",
      { deployment: deployment({}, { replicas: 2 }) },
      "under way",
      "KMCP hasn't changed its Deployment yet",
    ],
    [
      "one that Kubernetes hasn't seen, with the status from before",
      { deployment: deployment({ observedGeneration: 6 }) },
      "under way",
      "Kubernetes hasn't seen its Deployment's change yet",
    ],
    ["no new pod", { deployment: deployment({ updatedReplicas: 0 }) }, "under way", "0 of 1 new pods made"],
    [
      "none, because it may not be made",
      {
        deployment: deployment({
          updatedReplicas: 0,
          conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "quota" }],
        }),
      },
      "under way",
      "0 of 1 new pods made (FailedCreate: quota)",
    ],
    [
      "an old pod beside it",
      { deployment: deployment({ replicas: 2 }) },
      "under way",
      "1 old pods still there",
    ],
    [
      "a new pod that isn't ready, and no old one",
      { deployment: deployment({ availableReplicas: 0 }) },
      "under way",
      "0 of 1 new pods available",
    ],
    ["the new pod alone", {}, "done", "1 of 1 new pods available"],
    [
      "a deadline that is over",
      { deployment: deployment({ replicas: 2, conditions: [late] }) },
      "failed",
      "its new pods don't come up (ProgressDeadlineExceeded: timed out)",
    ],
    [
      "a deadline that was over for the spec before",
      { deployment: deployment({ observedGeneration: 6, conditions: [late] }) },
      "under way",
      "Kubernetes hasn't seen",
    ],
    [
      "a spec that KMCP doesn't accept",
      { server: server({ conditions: [no("Accepted")] }), deployment: undefined },
      "failed",
      "KMCP doesn't accept it: Reason: because",
    ],
    [
      "what KMCP said of the spec before",
      { server: server({ conditions: [no("Accepted", 2), no("Programmed", 2)] }) },
      "done",
      "1 of 1",
    ],
    [
      "a Service that KMCP fails to make",
      { server: server({ conditions: [no("Programmed")] }) },
      "under way",
      "KMCP fails: Reason: because",
    ],
    [
      "a Deployment that KMCP fails to make",
      { server: server({ conditions: [no("Programmed")] }), deployment: undefined },
      "under way",
      "KMCP fails: Reason: because",
    ],
  ])("sees %s", (_, objects, outcome, words) => {
    expect(rolloutStage({ ...DONE, ...objects }, wanted)).toEqual({
      outcome,
      words: expect.stringContaining(words),
    });
  });
});
