import { describe, expect, test } from "vitest";
import { condition, PENDING, workload, workspace } from "../support/objects.ts";
import { about, ago, causesOf, type Scene, type Served, together } from "../support/snapshots.ts";

const rag = (
  conditions: object[],
  url = "http://phi.models.svc.cluster.local/v1/chat/completions",
): Served => ({
  metadata: { name: "docs", namespace: "models", generation: 1, creationTimestamp: ago(30) },
  spec: {
    embedding: { local: { modelID: "BAAI/bge-small-en-v1.5" } },
    inferenceService: { url, contextWindowSize: 4096 },
  },
  status: { conditions },
});
const controller = workload("kaito-ragengine", "kaito-ragengine", {
  labels: { "helm.sh/chart": "ragengine-0.11.0" },
});
const SUCCEEDED = [condition("ServiceReady", "True"), condition("RAGEngineSucceeded", "True")];
const scene = (conditions: object[], ready: number, url?: string): Scene => ({
  objects: {
    deployments: [controller, workload("docs", "models", { ready })],
    ragengines: [rag(conditions, url)],
    services: [{ metadata: { name: "phi", namespace: "models" } }],
  },
});

describe("RAG engine", () => {
  test("is ready, though an old failure still stands under another name", () => {
    // KAITO 0.11.0 sets RAGEngineServiceReady when it fails and ServiceReady when it succeeds.
    const conditions = [
      ...SUCCEEDED,
      condition(
        "RAGEngineServiceReady",
        "False",
        "RAGEngineServiceStatusFailed",
        "context deadline exceeded",
      ),
    ];
    expect(about("ragengine/docs", scene(conditions, 1))).toMatchObject({ state: "ready", warnings: [] });
  });

  test("whose pod went away isn't ready, whatever its condition still says", () => {
    const subject = about("ragengine/docs", scene(SUCCEEDED, 0));
    expect(subject).toMatchObject({ state: "not ready", line: "0 of 1 pod ready" });
  });

  test("that didn't come up in time", () => {
    const message = 'deployment docs is not progressing: ReplicaSet "docs-1" has timed out progressing.';
    const conditions = [
      condition("RAGEngineServiceReady", "False", "RAGEngineServiceStatusFailed", message),
      condition("RAGEngineSucceeded", "False", "ragengineFailed", message),
    ];
    const subject = about("ragengine/docs", scene(conditions, 0));
    expect(causesOf(subject)).toEqual(["reconcile-error", "rag-stalled"]);
    expect(subject.causes[0]?.summary).toContain(message);
  });

  test("whose model isn't ready, or isn't there, is warned of", () => {
    const down = together(scene(SUCCEEDED, 1), {
      objects: { workspaces: [workspace("phi", { conditions: PENDING })] },
    });
    expect(about("ragengine/docs", down).warnings[0]?.summary).toBe(
      "The model that it asks, models/phi, isn't ready.",
    );
    const gone = scene(SUCCEEDED, 1, "http://other.models/v1");
    expect(about("ragengine/docs", gone).warnings[0]?.summary).toContain("no Service models/other");
    expect(about("ragengine/docs", scene(SUCCEEDED, 1, "https://api.openai.com/v1")).warnings).toEqual([]);
  });
});
