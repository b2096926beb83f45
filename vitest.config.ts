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
          // Each file has a control plane of its own, on ports of its own. Two at a time: an update waits for others
          // half of its time, and more of them would wait for the processor.
          maxWorkers: 2,
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
