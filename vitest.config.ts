import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/policies/**", "test/rehearsal/**"],
        },
      },
      { test: { name: "policy", include: ["test/policies/**/*.test.ts"] } },
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
