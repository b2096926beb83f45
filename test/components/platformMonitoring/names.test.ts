import fc from "fast-check";
import { expect, it } from "vitest";
import { monitoringNames } from "../../../components/platformMonitoring/names.ts";

const label = (most: number) =>
  fc
    .stringMatching(/^[a-z][-a-z0-9]*[a-z0-9]$/)
    .filter((name) => name.length <= most && !name.includes("--"));

it("makes names that Azure takes, whatever cluster and region are called", () => {
  fc.assert(
    fc.property(label(54), fc.constantFrom("eastus", "germanywestcentral"), (cluster, region) => {
      const names = monitoringNames(cluster, region);
      const most = { metricsEndpoint: 44, grafana: 23, logWorkspace: 63, metricsWorkspace: 63 };
      for (const [which, name] of Object.entries(names)) {
        expect(name.length).toBeLessThanOrEqual(most[which as keyof typeof most] ?? 64);
        expect(name).toMatch(/^[A-Za-z][-A-Za-z0-9]*[A-Za-z0-9]$/);
      }
    }),
  );
});
