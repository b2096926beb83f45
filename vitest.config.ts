import { basename } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take minutes, longest first: begun last, one of them would run alone at the end. */
const long = ["docs", "dev", "ingress", "kaito", "prod", "command", "faults", "scaling", "componentPackage"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = moduleId.includes("/test/rehearsal/") ? long.indexOf(basename(moduleId, ".test.ts")) : -1;
      return at < 0 ? long.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    // Not one less than there are processors, as by default: this runs where nothing else does.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          // One module graph for all files halves the time; what a file changes in it (Pulumi's mocks,
          // the environment) every file that cares sets for itself.
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: ["test/policies/**", "test/rehearsal/**"],
        },
      },
      { test: { name: "policy", isolate: false, include: ["test/policies/**/*.test.ts"] } },
      {
        test: {
          name: "rehearsal",
          include: ["test/rehearsal/**/*.test.ts"],
          // Each file has a control plane of its own, on ports of its own. Two at a time: an update waits for others
          // half of its time, and more of them would wait for the processor.
          maxWorkers: 2,
          // Kubernetes' programs collect their garbage less often: a sixth of the time, for a sixth more memory.
          env: { GOGC: "400" },
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
