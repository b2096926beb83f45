import { describe, expect, test } from "vitest";
import { condition, gpuNode, kaitoController, pod, workspace } from "../support/objects.ts";
import { about, ago, cause, causesOf, evidenceOf, type Scene } from "../support/snapshots.ts";

const scene = (object: ReturnType<typeof workspace>, more: Scene["objects"] = {}): Scene => ({
  objects: { deployments: [kaitoController()], nodes: [gpuNode()], workspaces: [object], ...more },
});

describe("not reconciled", () => {
  test("since it was made", () => {
    const subject = about("workspace/phi", scene(workspace("phi", { conditions: [] })));
    expect(causesOf(subject)).toEqual(["not-reconciled"]);
    expect(cause("not-reconciled", subject).summary).toBe(
      "KAITO's workspace controller has said nothing about it since it was made, 20 min ago.",
    );
  });

  test("since its last change, with what the controller's log says of it", () => {
    const controller = pod("kaito-1", "kaito-workspace", { labels: { app: "kaito-workspace" } });
    const lines = [
      'E1123 "Reconciler error" err="boom" Workspace="models/phi"',
      'E1123 "Reconciler error" err="else" Workspace="models/phi-other-thing"',
    ];
    const logs = [
      { namespace: "kaito-workspace", pod: "kaito-1", container: "workspace", previous: false, lines },
    ];
    const changed = workspace("phi", {
      conditions: [condition("WorkspaceSucceeded", "False")],
      metadata: { generation: 2 },
    });
    const subject = about("workspace/phi", { ...scene(changed, { pods: [controller] }), logs });
    expect(causesOf(subject)).toEqual(["not-reconciled"]);
    expect(evidenceOf("not-reconciled", subject)).toContain("1, and the object is at generation 2");
    expect(evidenceOf("not-reconciled", subject)).toContain("boom");
    expect(evidenceOf("not-reconciled", subject)).not.toContain("else");
  });

  test("is only said after a minute", () => {
    const fresh = workspace("phi", { conditions: [], metadata: { creationTimestamp: ago(0.5) } });
    expect(causesOf(about("workspace/phi", scene(fresh)))).toEqual(["unexplained"]);
  });
});

test("an object that isn't there is likened to those that are", () => {
  const subject = about("workspace/phj", scene(workspace("phi")));
  expect(subject.line).toBe("is not in the cluster");
  expect(causesOf(subject)).toEqual(["not-there"]);
  expect(evidenceOf("not-there", subject)).toContain("there are phi");
});
