import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf, difference } from "../../cost/costOf.ts";
import type { Resource } from "../../cost/resource.ts";
import { CONTEXT, pool, resource } from "../cli/cost/support.ts";

const cost = (...resources: Resource[]) => costOf(resources, "eastus", CONTEXT);
const CLUSTER = "azure-native:containerservice:ManagedCluster";

describe("what a resource costs a month", () => {
  it.each<[string, Resource, number, number]>([
    ["a pool of 1 to 3", pool({ minCount: 1, maxCount: 3 }), 0.086 * 730, 3 * 0.086 * 730],
    ["a pool of a fixed number", pool({ enableAutoScaling: false, count: 2 }), 2 * 62.78, 2 * 62.78],
    ["a pool with OS disks", pool({ minCount: 0, maxCount: 1, osDiskType: undefined }), 0, 62.78 + 19.71],
    [
      "a cluster without pools",
      resource(CLUSTER, { sku: { tier: "Standard" } }),
      73 + 18.25 + 3.65,
      73 + 18.25 + 3.65,
    ],
    ["one that goes out another way", resource(CLUSTER, { networkProfile: { outboundType: "none" } }), 0, 0],
    ["a basic registry", resource("azure-native:containerregistry:Registry", {}), 5.07, 5.07],
    [
      "a volume of 20 GiB, which is a disk of 32",
      resource("kubernetes:core/v1:PersistentVolumeClaim", {
        spec: { storageClassName: "managed-csi", resources: { requests: { storage: "20Gi" } } },
      }),
      2.4,
      2.4,
    ],
    [
      "two pods with a volume each",
      resource("kubernetes:apps/v1:StatefulSet", {
        spec: {
          replicas: 2,
          volumeClaimTemplates: [
            { spec: { storageClassName: "managed-csi", resources: { requests: { storage: "1Ti" } } } },
          ],
        },
      }),
      153.6,
      153.6,
    ],
    [
      "logs up to a cap",
      resource("azure-native:operationalinsights:Workspace", { workspaceCapping: { dailyQuotaGb: 1 } }),
      0,
      69.96,
    ],
    ["a Service within the cluster", resource("kubernetes:core/v1:Service", { spec: {} }), 0, 0],
    ["a front door", resource("kubernetes:gateway.networking.k8s.io/v1:Gateway", { spec: {} }), 3.65, 3.65],
  ])("%s", (_, each, rest, full) => {
    const { total } = cost(each);
    expect(total.rest).toBeCloseTo(rest, 1);
    expect(total.full).toBeCloseTo(full, 1);
  });

  it("says how many logs there are, when it is told, and never more than the cap", () => {
    const workspace = resource("azure-native:operationalinsights:Workspace", {
      workspaceCapping: { dailyQuotaGb: 2 },
    });
    const at = (logsGbPerDay: number) =>
      costOf([workspace], "eastus", { ...CONTEXT, logsGbPerDay }).total.rest;
    expect(at(1)).toBeCloseTo(69.96, 1);
    expect(at(5)).toBeCloseTo(139.92, 1);
  });

  it("takes the region of a resource before the stack's", () => {
    const there = cost(pool({ location: "West Europe", minCount: 1, maxCount: 1 }));
    expect(there.total.rest).toBeCloseTo(0.104 * 730, 5);
  });
});

describe("what isn't known", () => {
  it.each<[string, Resource, RegExp]>([
    ["a VM size", pool({ vmSize: "Standard_Z99", minCount: 1, maxCount: 1 }), /no price in the table/],
    ["spot", pool({ scaleSetPriority: "Spot", minCount: 1, maxCount: 1 }), /no price in the table/],
    ["another region", pool({ vmSize: "Standard_D2as_v5", location: "eastus2" }), /no price for eastus2/],
    ["a type of resource", resource("azure-native:cosmosdb:Account", {}), /nobody has said/],
    [
      "a storage class of one's own",
      resource("kubernetes:core/v1:PersistentVolumeClaim", {
        spec: { storageClassName: "mine", resources: { requests: { storage: "1Gi" } } },
      }),
      /storage class mine/,
    ],
    [
      "which of two pools has the nodes at rest",
      resource("kubernetes:apps/v1:Deployment", {
        metadata: { labels: { "mcpaas.dev/kept-nodes": "kept-nodes-gpu" } },
        spec: { replicas: 1, template: { spec: { nodeSelector: { "mcpaas.dev/pool": "gpu" } } } },
      }),
      /spot or of a regular machine/,
    ],
    ["metrics", resource("azure-native:monitor:AzureMonitorWorkspace", {}), /no price for eastus/],
  ])("%s is said, and stays out of the sums", (_, each, why) => {
    const { lines, total } = cost(each);
    expect(lines.map(({ unknown }) => unknown).join()).toMatch(why);
    expect(total).toEqual({ rest: 0, full: 0 });
  });
});

const counts = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }));
const pools = fc.array(
  fc.record({
    counts,
    vmSize: fc.constantFrom("Standard_D2as_v5", "Standard_NC24ads_A100_v4", "Standard_Unheard_of"),
  }),
  { maxLength: 6 },
);
const resourceOf = ({ counts: [a, b], vmSize }: { counts: [number, number]; vmSize: string }) =>
  pool({ minCount: Math.min(a, b), maxCount: Math.max(a, b), vmSize });

describe("sums", () => {
  it("are those of the lines, at rest never more than at full scale", () => {
    fc.assert(
      fc.property(pools, (many) => {
        const { lines, total } = cost(...many.map(resourceOf));
        for (const at of ["rest", "full"] as const) {
          const sum = lines.reduce((before, { monthly }) => before + (monthly[at] ?? 0), 0);
          expect(total[at]).toBeCloseTo(sum, 6);
        }
        expect(total.rest).toBeLessThanOrEqual(total.full);
        expect(
          lines.every(({ monthly, unknown }) => (monthly.full === undefined) === (unknown !== undefined)),
        ).toBe(true);
      }),
    );
  });

  it("grow with the number of nodes, and never with what has no price", () => {
    fc.assert(
      fc.property(pools, counts, (many, [a, b]) => {
        const before = cost(...many.map(resourceOf));
        const dear = cost(...many.map(resourceOf), pool({ minCount: a, maxCount: a + b + 1 }));
        expect(dear.total.full).toBeGreaterThan(before.total.full);
        const open = cost(
          ...many.map(resourceOf),
          pool({ minCount: a, maxCount: a + 1, vmSize: "Standard_X1" }),
        );
        expect(open.total).toEqual(before.total);
      }),
    );
  });

  it("differ by what came and went, and say what of it has no price", () => {
    const before = cost(pool({ minCount: 1, maxCount: 1 }));
    const spot = pool({ minCount: 1, maxCount: 1, scaleSetPriority: "Spot" });
    const change = difference(before, cost(spot));
    expect(change.rest).toBeCloseTo(-62.78, 2);
    expect(change.unknownMore).toEqual(["virtual machine Standard_D2as_v5 spot"]);
    expect(difference(cost(spot), before).unknownLess).toEqual(change.unknownMore);
  });
});
