import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
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
          // One control plane and one Pulumi engine at a time: two cores, fixed order of phases.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
