import { expect, test } from "vitest";
import { condition, platform, workspace } from "../support/objects.ts";
import { about, causesOf, commandsOf, together } from "../support/snapshots.ts";

test("KAITO's benchmark failed; source: applyBenchmarkStatus of KAITO 0.11.0", () => {
  const message = "pod models/phi-0: no KAITO_BENCHMARK_RESULT line found in pod logs";
  const conditions = [
    condition("InferenceReady", "True", "WorkspaceInferenceStatusSuccess"),
    condition("BenchmarkCompleted", "False", "BenchmarkFailed", message),
    condition("WorkspaceSucceeded", "False", "BenchmarkFailed", message),
  ];
  const subject = about(
    "workspace/phi",
    together(platform, { objects: { workspaces: [workspace("phi", { conditions })] } }),
  );
  expect(causesOf(subject)).toEqual(["benchmark-failed"]);
  expect(commandsOf("benchmark-failed", subject).slice(0, 2)).toEqual([
    "pulumi config set --path mcpaas:models.phi.benchmark false && pulumi up",
    "kubectl -n models annotate workspace phi kaito.sh/disable-benchmark=true",
  ]);
});
