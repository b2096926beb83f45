import { describe, expect, it } from "vitest";
import type { TuningObjects } from "../../../components/kaitoTuningJob/objects.ts";
import { tuningStage } from "../../../components/kaitoTuningJob/stage.ts";
import {
  DONE,
  event,
  exited,
  INITIALIZED,
  JOB,
  JOB_COMPLETE,
  JOB_FAILED,
  job,
  objects,
  pod,
  RUNNING,
  TRAINING,
  WITHOUT_JOB,
  waits,
  workspace,
} from "./fixtures.ts";

const stageOf = (of: TuningObjects) => tuningStage(of, JOB);
const withoutJob = (conditions = workspace().status?.conditions) =>
  stageOf({ workspace: workspace(conditions ?? []), pods: [], events: [] });

describe("before there is a Job", () => {
  it("waits for a controller that hasn't looked at the Workspace", () => {
    expect(withoutJob([])).toMatchObject({ name: "unseen", outcome: "running" });
    expect(withoutJob([]).look).toBe("kubectl get pods -A -l app.kubernetes.io/name=workspace");
  });

  it("waits for a node of the pool", () => {
    expect(withoutJob(WITHOUT_JOB.noNode)).toEqual({
      name: "node",
      outcome: "running",
      words: "waiting for a GPU node",
      detail: "Not enough Nodes are ready",
      look: "kubectl describe workspace tune -n models",
    });
  });

  it("waits for a node that KAITO makes, and points to its NodeClaim", () => {
    expect(withoutJob(WITHOUT_JOB.noNodeClaim)).toMatchObject({
      name: "node",
      detail: expect.stringContaining("CurrentReadyNodeClaims: 0"),
      look: "kubectl describe nodeclaims -l kaito.sh/workspace=tune",
    });
  });

  it("says what keeps KAITO from making the Job", () => {
    expect(withoutJob(WITHOUT_JOB.refused)).toMatchObject({
      name: "job",
      detail: expect.stringContaining("Unsupported SKU ''"),
    });
  });

  it("takes a Job of an earlier Workspace for none", () => {
    const old = {
      ...job(JOB_COMPLETE),
      metadata: { ...job().metadata, ownerReferences: [{ uid: "other" }] },
    };
    const stage = stageOf({ ...objects([]), workspace: workspace(WITHOUT_JOB.noNode), job: old });
    expect(stage).toMatchObject({ name: "node", outcome: "running" });
  });

  it("fails when the Workspace is being deleted", () => {
    const { metadata, status } = workspace();
    const leaving = { metadata: { ...metadata, deletionTimestamp: "2026-11-23T05:10:00Z" }, status };
    expect(stageOf(objects([pod(TRAINING)], { workspace: leaving }))).toMatchObject({
      outcome: "failed",
      words: "being deleted",
    });
  });
});

describe("before the pod runs", () => {
  it("says why the pod is refused", () => {
    const message = 'Error creating: pods "tune-x" is forbidden: violates PodSecurity "restricted:latest"';
    const stage = stageOf(objects([], { events: [event("FailedCreate", message, 0, "Warning")] }));
    expect(stage).toMatchObject({
      name: "pod",
      words: "waiting for its pod, which is refused",
      detail: message,
      look: "kubectl describe job tune -n models",
    });
    expect(stageOf(objects([]))).toMatchObject({ name: "pod", words: "waiting for its pod" });
  });

  it("waits for a node with free GPUs, in the scheduler's words", () => {
    const message = "0/2 nodes are available: 1 Insufficient nvidia.com/gpu, 1 node(s) had untolerated taint";
    const unscheduled = pod(undefined, {
      phase: "Pending",
      node: null,
      conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
    });
    expect(stageOf(objects([unscheduled]))).toMatchObject({
      name: "node",
      detail: message,
      look: "kubectl describe pod tune-hf576 -n models",
    });
  });

  it("starts a pod of which the kubelet has said nothing", () => {
    expect(stageOf(objects([pod(undefined, { phase: "Pending" })]))).toMatchObject({
      name: "starting",
      words: "being started",
    });
  });

  it("waits for volumes, such as the Secret to push with", () => {
    const message = 'MountVolume.SetUp failed for volume "docker-config" : secret "push" not found';
    const events = [event("Scheduled", "assigned"), event("FailedMount", message, 1, "Warning")];
    expect(stageOf(objects([pod({}, { phase: "Pending" })], { events }))).toMatchObject({
      name: "volumes",
      detail: message,
    });
  });

  it("waits for the image that is pulled, and no longer once it is there", () => {
    const pending = pod({}, { phase: "Pending" });
    const pulling = event("Pulling", 'Pulling image "x"', 1);
    expect(stageOf(objects([pending], { events: [event("Scheduled", "assigned"), pulling] }))).toMatchObject({
      name: "image",
      words:
        "waiting for the image of container model-weights-downloader, mcr.microsoft.com/oss/v2/oras-project/oras:v1.2.3",
    });
    const events = [event("Pulled", "Successfully pulled", 2), pulling];
    expect(stageOf(objects([pending], { events }))).toMatchObject({ name: "starting" });
  });

  it.each(["ErrImagePull", "ImagePullBackOff", "InvalidImageName"])(
    "says why an image can't be pulled: %s",
    (reason) => {
      const states = { ...INITIALIZED, tune: waits(reason, "401 Unauthorized") };
      expect(stageOf(objects([pod(states)]))).toMatchObject({
        name: "image",
        words: "waiting for the image of container tune, mcr.microsoft.com/aks/kaito/kaito-base:0.4.2",
        detail: `${reason}: 401 Unauthorized`,
      });
    },
  );

  it("says why a container can't be started", () => {
    const states = { ...INITIALIZED, tune: waits("CreateContainerConfigError", 'configmap "x" not found') };
    expect(stageOf(objects([pod(states)]))).toMatchObject({
      name: "starting",
      words: "starting container tune",
      detail: 'CreateContainerConfigError: configmap "x" not found',
    });
  });

  it("repeats a warning of the kubelet", () => {
    const events = [event("FailedCreatePodSandBox", "no IP left", 1, "Warning")];
    expect(stageOf(objects([pod({}, { phase: "Pending" })], { events }))).toMatchObject({
      name: "starting",
      detail: "no IP left",
    });
  });
});

describe("while the pod runs", () => {
  const puller = { ...INITIALIZED, "data-downloader": RUNNING };
  it.each([
    [
      "weights",
      "downloading the model's weights",
      "model-weights-downloader",
      { "model-weights-downloader": RUNNING },
    ],
    ["data", "downloading the training data", "data-downloader", puller],
    ["training", "training", "tune", TRAINING],
    ["pushing", "pushing the adapter", "pusher", { ...TRAINING, tune: DONE }],
  ])("is at %s", (name, words, container, states) => {
    expect(stageOf(objects([pod(states)]))).toEqual({
      name,
      outcome: "running",
      words,
      log: { pod: "tune-hf576", container },
      look: `kubectl logs tune-hf576 -c ${container} -n models`,
    });
  });

  it("pulls an image with data", () => {
    const states = { "model-weights-downloader": DONE };
    const pulling = pod(states);
    pulling.status?.initContainerStatuses?.splice(1, 1, { name: "puller", state: RUNNING });
    expect(stageOf(objects([pulling]))).toMatchObject({
      name: "data",
      words: "pulling the image with the training data",
    });
  });

  it("ends when only pause is left, and when a volume's only container is done", () => {
    const pushed = { ...TRAINING, tune: DONE, pusher: DONE };
    expect(stageOf(objects([pod(pushed)]))).toMatchObject({ name: "ending", words: "ending" });
    const saved = pod({ ...INITIALIZED, tune: DONE }, { containers: ["tune"] });
    expect(stageOf(objects([saved]))).toMatchObject({ name: "ending" });
  });

  it("notices while it trains that the adapter won't be pushed", () => {
    const states = { ...TRAINING, pusher: waits("ImagePullBackOff", "ghcr.io: denied") };
    expect(stageOf(objects([pod(states)]))).toMatchObject({
      name: "training",
      outcome: "running",
      detail: "but container pusher can't start: ImagePullBackOff: ghcr.io: denied",
    });
    expect(stageOf(objects([pod({ ...states, tune: DONE })]))).toMatchObject({ name: "image" });
  });
});

describe("the end", () => {
  it("is success by the Job's word, also when KAITO holds an earlier pod's failure against it", () => {
    const done = job(JOB_COMPLETE, 1);
    const of = objects([pod(TRAINING, { phase: "Succeeded" })], {
      job: done,
      workspace: workspace(WITHOUT_JOB.failed),
    });
    expect(stageOf(of)).toMatchObject({ name: "done", outcome: "succeeded" });
  });

  it("is success by KAITO's word when the Job is gone", () => {
    expect(withoutJob(WITHOUT_JOB.succeeded)).toMatchObject({ name: "done", outcome: "succeeded" });
  });

  it("is failure as soon as training failed, though the pod goes on for the pusher waits for it", () => {
    const states = { ...TRAINING, tune: exited(1) };
    expect(stageOf(objects([pod(states)]))).toEqual({
      name: "training",
      outcome: "failed",
      words: "training",
      detail: "container tune ended with exit code 1",
      log: { pod: "tune-hf576", container: "tune" },
      look: "kubectl logs tune-hf576 -c tune -n models",
    });
  });

  it("is failure as soon as the push failed, though pause keeps the pod running", () => {
    const states = { ...TRAINING, tune: DONE, pusher: exited(1) };
    expect(stageOf(objects([pod(states)]))).toMatchObject({
      name: "pushing",
      outcome: "failed",
      detail: "container pusher ended with exit code 1",
      look: "kubectl logs tune-hf576 -c pusher -n models",
    });
  });

  it("names the reason that the kubelet gives", () => {
    const states = { ...TRAINING, tune: exited(137, "OOMKilled") };
    expect(stageOf(objects([pod(states)])).detail).toBe(
      "container tune ended with exit code 137 (OOMKilled)",
    );
  });

  it("waits for another try after one failure before the training", () => {
    const failed = pod(
      { "model-weights-downloader": DONE, "data-downloader": exited(1) },
      { phase: "Failed" },
    );
    expect(stageOf(objects([failed], { job: job([], 1) }))).toMatchObject({
      name: "retrying",
      outcome: "running",
      words: "waiting for another try, after it failed while downloading the training data",
      detail: "container data-downloader ended with exit code 1",
    });
    const next = pod({ "model-weights-downloader": RUNNING }, { name: "tune-2", age: 1 });
    expect(stageOf(objects([failed, next], { job: job([], 1) }))).toMatchObject({
      name: "weights",
      log: { pod: "tune-2" },
    });
  });

  it("is failure when it failed twice in the same way, the third try or not", () => {
    const failed = (name: string, age: number, code = 1) =>
      pod(
        { "model-weights-downloader": DONE, "data-downloader": exited(code) },
        { phase: "Failed", name, age },
      );
    const third = pod({}, { name: "tune-3", age: 2, phase: "Pending" });
    expect(stageOf(objects([third, failed("tune-2", 1), failed("tune-1", 0)]))).toMatchObject({
      name: "data",
      outcome: "failed",
      detail: "container data-downloader ended with exit code 1, twice",
      log: { pod: "tune-2" },
    });
    expect(stageOf(objects([failed("tune-1", 0), failed("tune-2", 1, 6), third]))).toMatchObject({
      outcome: "running",
    });
  });

  it("doesn't hold the end of a node against the job", () => {
    const evicted = (name: string, age: number) =>
      pod(undefined, {
        name,
        age,
        phase: "Failed",
        conditions: [{ type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet" }],
        status: { reason: "Evicted", message: "The node was low on resource: ephemeral-storage." },
      });
    expect(stageOf(objects([evicted("tune-1", 0), evicted("tune-2", 1)]))).toMatchObject({
      name: "retrying",
      outcome: "running",
      words: "waiting for another try, after it failed while running its pod",
      detail: "Evicted: The node was low on resource: ephemeral-storage.",
    });
  });

  it("is failure when the Job gives up, with the last pod's reason", () => {
    const failed = pod({ ...INITIALIZED, tune: exited(1) }, { phase: "Failed", containers: ["tune"] });
    expect(stageOf(objects([failed], { job: job(JOB_FAILED, 7) }))).toMatchObject({
      name: "training",
      outcome: "failed",
      detail:
        "container tune ended with exit code 1; BackoffLimitExceeded: Job has reached the specified backoff limit",
    });
    expect(stageOf(objects([], { job: job(JOB_FAILED, 7) }))).toMatchObject({
      name: "pod",
      outcome: "failed",
    });
  });
});
