import { describe, expect, it } from "vitest";
import { inferenceSetSpec } from "../../../components/kaitoWorkspace/inferenceSet.ts";
import { kaitoManifest } from "../../../components/kaitoWorkspace/manifest.ts";

const args = { namespace: "models", model: "phi-4", nodes: { matchLabels: { a: "b" } } };
const settled = { name: "phi", namespace: "models", nodes: args.nodes };

describe("kaitoManifest", () => {
  it("takes the other kind's place, so that a GPU is free before it is asked for", () => {
    const workspace = kaitoManifest(args, settled);
    const set = kaitoManifest(
      { ...args, inferenceSet: {} },
      { ...settled, inferenceSet: inferenceSetSpec({}) },
    );
    expect([workspace.kind, set.kind]).toEqual(["Workspace", "InferenceSet"]);
    expect(workspace.options.aliases).toEqual([{ type: "kubernetes:kaito.sh/v1beta1:InferenceSet" }]);
    expect(set.options.aliases).toEqual([{ type: "kubernetes:kaito.sh/v1beta1:Workspace" }]);
    for (const { options } of [workspace, set]) expect(options.replaceOnChanges).toContain("kind");
  });
});
