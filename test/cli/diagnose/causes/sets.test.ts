import { describe, expect, test } from "vitest";
import { condition, gpuNode, kaitoController, pod, workspace } from "../support/objects.ts";
import {
  about,
  ago,
  cause,
  causesOf,
  evidenceOf,
  type Scene,
  type Served,
  together,
} from "../support/snapshots.ts";

const set = (replicas: number, conditions: object[] = [], minutes = 20): Served => ({
  metadata: { name: "chat", namespace: "models", generation: 1, creationTimestamp: ago(minutes) },
  spec: {
    replicas,
    labelSelector: { matchLabels: { "mcpaas.dev/pool": "gpu" } },
    template: { inference: { preset: { name: "phi-4-mini-instruct" } } },
  },
  status: { replicas, readyReplicas: 0, conditions },
});
const replica = (name: string, conditions: object[]) =>
  workspace(name, { conditions, metadata: { labels: { "inferenceset.kaito.sh/created-by": "chat" } } });
const base: Scene = { objects: { deployments: [kaitoController()], nodes: [gpuNode()] } };

describe("InferenceSet", () => {
  test("of which a Workspace isn't ready", () => {
    const conditions = [
      condition(
        "InferenceSetReady",
        "False",
        "inferencesetNotReady",
        "inferenceset is not ready, 1/2 replicas are ready",
      ),
    ];
    const scene = together(base, {
      objects: {
        inferencesets: [set(2, conditions)],
        workspaces: [
          replica("chat-a", [condition("WorkspaceSucceeded", "True")]),
          replica("chat-b", [condition("WorkspaceSucceeded", "False", "workspacePending", "waiting")]),
        ],
      },
    });
    const subject = about("inferenceset/chat", scene);
    expect(causesOf(subject)).toEqual(["replica-not-ready"]);
    expect(cause("replica-not-ready", subject).summary).toContain("1 of its 2 Workspaces isn't ready");
    expect(cause("replica-not-ready", subject).next[0]?.command).toBe(
      "npm run diagnose -- workspace/chat-b -n models",
    );
  });

  test("whose Workspace KAITO's webhook refuses, which only the log tells", () => {
    const line =
      'E1123 workspace="models/chat-" "failed to create workspace" err="admission webhook \\"validation.workspace.kaito.sh\\" denied the request: validation failed: No nodes found" inferenceset="models/chat"';
    const controller = pod("kaito-1", "kaito-workspace", {
      labels: { app: "kaito-workspace" },
      containers: [{ name: "workspace", ready: true }],
    });
    const scene = together(base, {
      objects: { inferencesets: [set(1)], pods: [controller] },
      logs: [
        {
          namespace: "kaito-workspace",
          pod: "kaito-1",
          container: "workspace",
          previous: false,
          lines: ["Reconciling inference set models/chat", line],
        },
      ],
    });
    const subject = about("inferenceset/chat", scene);
    expect(causesOf(subject)).toEqual(["replica-refused"]);
    expect(evidenceOf("replica-refused", subject)).toContain("denied the request");
  });

  test("that was made this moment isn't accused", () => {
    const scene = together(base, { objects: { inferencesets: [set(1, [], 0.1)] } });
    expect(causesOf(about("inferenceset/chat", scene))).toEqual(["unexplained"]);
  });

  test("without a node for it says that first", () => {
    const scene = together(
      { objects: { deployments: [kaitoController()], nodes: [] } },
      { objects: { inferencesets: [set(1)] } },
    );
    const subject = about("inferenceset/chat", scene);
    expect(causesOf(subject)).toEqual(["no-matching-node"]);
    expect(cause("no-matching-node", subject).consequences.map((each) => each.cause)).toContain(
      "replica-refused",
    );
  });

  test("that is scaled to 0 is ready", () => {
    expect(
      about("inferenceset/chat", together(base, { objects: { inferencesets: [set(0)] } })),
    ).toMatchObject({
      state: "ready",
      line: "is scaled to 0",
    });
  });
});
