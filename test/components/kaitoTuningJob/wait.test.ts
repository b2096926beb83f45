import { describe, expect, it } from "vitest";
import { waitForAdapter } from "../../../components/kaitoTuningJob/wait.ts";
import { ReadError } from "../../../components/kubeApi/readError.ts";
import { fakeSurroundings, type Sight } from "./fakes.ts";
import {
  DONE,
  exited,
  INITIALIZED,
  JOB,
  JOB_COMPLETE,
  job,
  objects,
  pod,
  RUNNING,
  TRAINING,
  WITHOUT_JOB,
  workspace,
} from "./fixtures.ts";

const UID = workspace().metadata.uid as string;
const WAIT = { ...JOB, uid: UID, maxDurationMinutes: 480 };
const NEVER = new AbortController().signal;

const complete = objects(
  [pod({ ...INITIALIZED, tune: DONE, pusher: DONE, pause: DONE }, { phase: "Succeeded" })],
  {
    job: job(JOB_COMPLETE),
  },
);
const noNode: Sight = { workspace: workspace(WITHOUT_JOB.noNode), pods: [], events: [] };
const training = objects([pod(TRAINING)]);
const unreachable = new ReadError("unreachable", "connect ECONNREFUSED 127.0.0.1:6443");

async function failure(
  sights: (readonly [number, Sight])[],
  logs: Record<string, string[]> = {},
  wait: Partial<typeof WAIT> = {},
) {
  const around = fakeSurroundings(sights, logs);
  const error = await waitForAdapter({ ...WAIT, ...wait }, around, NEVER).then(
    () => undefined,
    (reason: Error) => reason,
  );
  return { message: error?.message, ...around };
}

describe("waitForAdapter", () => {
  it("says each stage once, and ends when the job is complete", async () => {
    const around = fakeSurroundings([
      [0, noNode],
      [4, objects([pod({ "model-weights-downloader": RUNNING })])],
      [9, training],
      [12, complete],
    ]);
    expect(await waitForAdapter(WAIT, around, NEVER)).toEqual({});
    expect(around.said).toEqual([
      "tuning job models/tune: waiting for a GPU node: Not enough Nodes are ready (after 0 min)",
      "tuning job models/tune: downloading the model's weights (after 4 min)",
      "tuning job models/tune: training (after 9 min)",
      "tuning job models/tune: done after 12 min",
    ]);
  });

  it("reminds of a stage that lasts, with the last line of its log", async () => {
    const around = fakeSurroundings(
      [
        [0, training],
        [25, complete],
      ],
      { tune: ["{'loss': 1.2}", " 12%|█▏        | 120/1000 [01:00<07:20]"] },
    );
    await waitForAdapter(WAIT, around, NEVER);
    expect(around.said).toEqual([
      "tuning job models/tune: training (after 0 min)",
      "tuning job models/tune: still training; its last line: 12%|█▏        | 120/1000 [01:00<07:20] (after 10 min)",
      "tuning job models/tune: still training; its last line: 12%|█▏        | 120/1000 [01:00<07:20] (after 20 min)",
      "tuning job models/tune: done after 25 min",
    ]);
  });

  it("returns the digest that oras told last", async () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const lines = [
      `Digest: sha256:${"00".repeat(32)}`,
      "Copied [oci-layout] x => [registry] y",
      `Digest: ${digest}`,
    ];
    const of = async (logs: Record<string, string[]>) =>
      waitForAdapter(WAIT, fakeSurroundings([[0, complete]], logs), NEVER);
    expect(await of({ pusher: [...lines, "+ resume"] })).toEqual({ digest });
    expect(await of({ pusher: ["+ echo Digest: sha256:12"] })).toEqual({});
  });

  it("fails with the stage, its last lines and the next command when the job fails", async () => {
    const failed = objects([pod({ ...TRAINING, tune: exited(1) })]);
    const lines = ["Traceback (most recent call last):", "ValueError: Target modules {'q_proj'} not found"];
    const { message } = await failure(
      [
        [0, training],
        [3, failed],
      ],
      { tune: lines },
    );
    expect(message).toBe(
      [
        "tuning job models/tune failed while training, after 3 min: container tune ended with exit code 1",
        "Its last lines:",
        "  Traceback (most recent call last):",
        "  ValueError: Target modules {'q_proj'} not found",
        "See more with: kubectl logs tune-hf576 -c tune -n models",
        "A change of the job's arguments replaces it and tries again. To try the same again: " +
          "kubectl delete job tune -n models, then pulumi up. Until then its pod may hold the GPU",
      ].join("\n"),
    );
  });

  it("fails when time is up, with the stage that it was in", async () => {
    const { message, time } = await failure([[0, noNode]], {}, { maxDurationMinutes: 30 });
    expect(message).toBe(
      [
        "tuning job models/tune has no adapter after 30 min (maxDurationMinutes): " +
          "it is waiting for a GPU node: Not enough Nodes are ready",
        "See more with: kubectl describe workspace tune -n models",
        "It goes on in the cluster, and the next pulumi up waits for it again, maxDurationMinutes from then. " +
          "To stop it: kubectl delete workspace tune -n models",
      ].join("\n"),
    );
    expect(time).toBe(30 * 60_000);
  });

  it("fails when time is up with the last line of the training", async () => {
    const { message } = await failure([[0, training]], { tune: [" 99%|"] }, { maxDurationMinutes: 5 });
    expect(message).toContain("(maxDurationMinutes): it is training; its last line: 99%|\n");
  });

  it("bears with an API that is away for a while, and again", async () => {
    const around = fakeSurroundings([
      [0, training],
      [2, unreachable],
      [8, training],
      [9, unreachable],
      [15, complete],
    ]);
    expect(await waitForAdapter(WAIT, around, NEVER)).toEqual({});
    const warning =
      "warning: tuning job models/tune: the Kubernetes API doesn't answer: connect ECONNREFUSED 127.0.0.1:6443";
    expect(around.said).toEqual([
      "tuning job models/tune: training (after 0 min)",
      warning,
      warning,
      "tuning job models/tune: done after 15 min",
    ]);
  });

  it("fails when the API stays away", async () => {
    const { message, time } = await failure([
      [0, training],
      [2, unreachable],
    ]);
    expect(message).toContain("the Kubernetes API has not answered for 10 min while tuning job models/tune");
    expect(time).toBe(12 * 60_000);
  });

  it("fails when time is up before the API has ever answered", async () => {
    const { message } = await failure([[0, unreachable]], {}, { maxDurationMinutes: 1 });
    expect(message).toContain("the Kubernetes API never answered, so it isn't known where it is");
  });

  it.each<[string, Sight, RegExp]>([
    ["deleted", new ReadError("absent", "HTTP 404"), /^the Workspace of tuning job models\/tune is gone/],
    [
      "not to be seen",
      new ReadError("forbidden", "HTTP 403: pods is forbidden"),
      /^may not look at .*pods is forbidden; the kubeconfig's user needs get on workspaces/,
    ],
    [
      "another",
      { ...training, workspace: { ...workspace(), metadata: { name: "tune", uid: "other" } } },
      /^the Workspace of tuning job models\/tune was replaced by another one/,
    ],
  ])("fails at once when the Workspace is %s", async (_, sight, message) => {
    const failed = await failure([
      [0, training],
      [1, sight],
    ]);
    expect(failed.message).toMatch(message);
    expect(failed.time).toBe(60_000);
  });

  it("ends when it is cancelled, with the stage", async () => {
    const around = fakeSurroundings([[0, training]]);
    const controller = new AbortController();
    const sleep = around.sleep;
    around.sleep = async (ms, signal) => {
      if (around.time >= 60_000) controller.abort();
      await sleep(ms, signal);
    };
    await expect(waitForAdapter(WAIT, around, controller.signal)).rejects.toThrow(
      "stopped waiting for tuning job models/tune, which is training; it goes on in the cluster, " +
        "and the next pulumi up waits for it again",
    );
    expect(around.said).toHaveLength(1);
  });
});
