import { type Cause, ofCondition } from "../finding.ts";
import { change, settingOf } from "../settings.ts";
import { conditionOf, titleOf } from "../subject.ts";

/** KAITO measures a model before it calls it ready. Source: applyBenchmarkStatus in workspace_controller.go, 0.11.0. */
export const benchmarkFailed: Cause = {
  id: "benchmark-failed",
  roles: ["inference"],
  judge(_cluster, subject) {
    const condition = conditionOf(subject, "BenchmarkCompleted");
    if (condition?.status !== "False") return undefined;
    return {
      summary: "The model runs, and KAITO's benchmark of it failed, without which it isn't called ready.",
      likelihood: conditionOf(subject, "InferenceReady")?.status === "True" ? 0.95 : 0.4,
      evidence: [ofCondition(titleOf(subject), condition)],
      next: [
        change("Switch the benchmark off, as it is by default", `${settingOf(subject)}.benchmark`, "false"),
        {
          text: "Or, where no stack made it",
          command: `kubectl -n ${subject.namespace} annotate workspace ${subject.name} kaito.sh/disable-benchmark=true`,
        },
        {
          text: "See what it said",
          command: `kubectl -n ${subject.namespace} logs ${subject.name}-0 --tail=500 | grep KAITO_BENCHMARK`,
        },
      ],
    };
  },
};
