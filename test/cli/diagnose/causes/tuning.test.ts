import { describe, expect, test } from "vitest";
import { condition, platform, pod, runningReady, tuning, unschedulable } from "../support/objects.ts";
import {
  about,
  cause,
  causesOf,
  commandsOf,
  evidenceOf,
  type Scene,
  type Served,
  together,
} from "../support/snapshots.ts";

const failedConditions = [
  condition("JobStarted", "False", "WorkspaceTuningJobStatusFailed", "tuning job failed"),
  condition("WorkspaceSucceeded", "False", "workspaceFailed", "tuning job failed"),
];
const job = (status: object) => ({
  metadata: {
    name: "tune",
    namespace: "models",
    uid: "uid-job",
    ownerReferences: [{ kind: "Workspace", name: "tune", uid: "uid-tune" }],
  },
  spec: { backoffLimit: 6 },
  status,
});
const terminated = (name: string, exitCode: number) => ({
  name,
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode, reason: exitCode === 0 ? "Completed" : "Error" } },
});
const tries = (
  containers: object[],
  more: { init?: object[]; status?: object; conditions?: object[]; phase?: string } = {},
  options: Parameters<typeof tuning>[1] = {},
): Scene =>
  together(platform, {
    objects: {
      workspaces: [tuning("tune", { conditions: more.conditions ?? failedConditions, ...options })],
      jobs: [job(more.status ?? { failed: 1 })],
      pods: [
        pod("tune-a", "models", {
          labels: { "kaito.sh/workspace": "tune" },
          metadata: { ownerReferences: [{ kind: "Job", name: "tune", uid: "uid-job" }] },
          nodeName: "aks-gpu-0",
          phase: more.phase ?? "Failed",
          containers,
          init: more.init,
        }),
      ],
    },
  });
const logged = (container: string, ...lines: string[]): Scene => ({
  logs: [{ namespace: "models", pod: "tune-a", container, previous: false, lines }],
});

test("KAITO doesn't know the GPUs; source: CreatePresetTuning of KAITO 0.11.0", () => {
  const error = "invalid value: Unsupported SKU '' for cloud provider: sku";
  const object = tuning("tune", {
    conditions: [
      condition(
        "JobStarted",
        "False",
        "WorkspaceTuningJobStatusPending",
        `Tuning job has not started (last reconcile error: ${error})`,
      ),
    ],
  });
  const subject = about("tuning/tune", together(platform, { objects: { workspaces: [object] } }));
  expect(causesOf(subject)).toEqual(["tuning-needs-size"]);
  expect(evidenceOf("tuning-needs-size", subject)).toContain(
    "resource.instanceType | not set, as mode byo demands",
  );
});

describe("data", () => {
  test("that the URL doesn't give; source: data-downloader.sh of KAITO 0.11.0", () => {
    const line =
      "Failed to download https://data.example/dolly.parquet?sig=[redacted], HTTP status code: 403, retrying...";
    const scene = together(
      tries([], { init: [terminated("data-downloader", 1)] }),
      logged("data-downloader", "Downloading", line, "Failed to download x after 3 attempts"),
    );
    const subject = about("tuning/tune", scene);
    expect(causesOf(subject)).toEqual(["tuning-data"]);
    expect(cause("tuning-data", subject).summary).toBe(
      "The training data can't be fetched from https://data.example/dolly.parquet.",
    );
    expect(cause("tuning-data", subject).consequences.map((each) => each.cause)).toContain("tuning-failed");
  });

  test("that the registry doesn't give", () => {
    const input = { image: "mcpaas.azurecr.io/data/dolly:1" };
    const scene = together(
      tries([], { init: [terminated("puller", 1)] }, { input }),
      logged("puller", "reading manifest: unauthorized: authentication required"),
    );
    const subject = about("tuning/tune", scene);
    expect(evidenceOf("tuning-data", subject)).toContain("unauthorized: authentication required");
    expect(commandsOf("tuning-data", subject)[0]).toContain("mcpaas.azurecr.io/data/dolly:1");
  });
});

describe("result", () => {
  test("that the registry refuses; source: pusher.sh of KAITO 0.11.0", () => {
    const line = "Error response from registry: failed to copy: 401: unauthorized: authentication required";
    const scene = together(
      tries([terminated("tune", 0), terminated("pusher", 1)]),
      logged("pusher", "+ push", line),
    );
    const subject = about("tuning/tune", scene);
    expect(causesOf(subject)).toEqual(["tuning-push"]);
    expect(cause("tuning-push", subject).summary).toBe(
      "Its result can't be pushed to mcpaas.azurecr.io/adapters/dolly:1: the registry refuses.",
    );
  });

  test.each([
    [{ state: "missing" as const }, "doesn't exist"],
    [
      { state: "there" as const, type: "Opaque", keys: ["password"] },
      "has the type Opaque, not kubernetes.io/dockerconfigjson",
    ],
  ])("whose Secret %o", (facts, words) => {
    const scene = together(platform, {
      objects: { workspaces: [tuning()] },
      secrets: { "models/push": facts },
    });
    expect(cause("tuning-push", about("tuning/tune", scene)).summary).toContain(words);
  });

  test.each([
    [{ state: "there" as const, type: "kubernetes.io/dockerconfigjson" }],
    [{ state: "there" as const, type: "Opaque", keys: [".dockerconfigjson"] }],
    [{ state: "unknown" as const }],
  ])("whose Secret will do, or can't be seen: %o", (facts) => {
    const scene = together(platform, {
      objects: { workspaces: [tuning()] },
      secrets: { "models/push": facts },
    });
    expect(causesOf(about("tuning/tune", scene))).not.toContain("tuning-push");
  });
});

test("the job has failed for good", () => {
  const status = {
    failed: 7,
    conditions: [
      {
        type: "Failed",
        status: "True",
        reason: "BackoffLimitExceeded",
        message: "Job has reached the specified backoff limit",
      },
    ],
  };
  const scene = together(
    tries([terminated("tune", 1)], { status }),
    logged("tune", "INFO", "ValueError: Target modules {'q_proj'} not found in the base model."),
  );
  const subject = about("tuning/tune", scene);
  expect(causesOf(subject)).toEqual(["tuning-failed"]);
  expect(evidenceOf("tuning-failed", subject)).toContain("BackoffLimitExceeded");
  expect(evidenceOf("tuning-failed", subject)).toContain("Target modules");
});

test("it trains", () => {
  const conditions = [
    condition("JobStarted", "True"),
    condition(
      "WorkspaceSucceeded",
      "False",
      "workspacePending",
      "workspace has not completed yet, tuning job is running",
    ),
  ];
  const scene = together(
    tries([runningReady("tune"), runningReady("pusher")], { conditions, status: { active: 1, ready: 1 } }),
    logged("tune", "{'loss': 1.2, 'epoch': 0.4}"),
  );
  const subject = about("tuning/tune", scene);
  expect(subject.state).toBe("not ready");
  expect(causesOf(subject)).toEqual(["tuning-runs"]);
  expect(evidenceOf("tuning-runs", subject)).toContain("{'loss': 1.2, 'epoch': 0.4}");
});

describe("how it is, by the job and not by KAITO's condition", () => {
  test("it has finished, though one try failed", () => {
    const status = { succeeded: 1, failed: 1, conditions: [{ type: "Complete", status: "True" }] };
    const scene = tries([terminated("tune", 0)], { status });
    expect(about("tuning/tune", scene)).toMatchObject({
      state: "ready",
      line: "has finished",
      role: "tuning",
    });
  });

  test("it waits for a node, in a line that isn't as long as the scheduler's", () => {
    const message =
      "0/2 nodes are available: 1 Insufficient nvidia.com/gpu, 1 node(s) had untolerated taint(s). ".repeat(
        4,
      );
    const scene = tries([], { status: { active: 1 }, phase: "Pending" });
    const [waits] = scene.objects?.pods ?? [];
    const held = {
      ...waits,
      spec: { containers: [] },
      status: { phase: "Pending", conditions: [unschedulable(message)] },
    };
    const { line } = about("tuning/tune", { objects: { ...scene.objects, pods: [held as Served] } });
    expect(line).toMatch(/^is waiting for a GPU node: 0\/2 nodes are available: .* …$/);
    expect(line.length).toBeLessThan(190);
  });

  test("it has failed, though KAITO calls it running while the container that would push waits", () => {
    const conditions = [
      condition("JobStarted", "True", "WorkspaceTuningJobStatusStarted", "Tuning job has started"),
      condition(
        "WorkspaceSucceeded",
        "False",
        "workspacePending",
        "workspace has not completed yet, tuning job is running",
      ),
    ];
    const scene = tries([terminated("tune", 1), runningReady("pusher")], {
      conditions,
      status: { active: 1 },
      phase: "Running",
    });
    const subject = about("tuning/tune", scene);
    expect(subject.line).toBe("failed while training: container tune ended with exit code 1");
    expect(causesOf(subject)).toEqual(["tuning-failed"]);
  });
});
