import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { Faults } from "../../rehearsal/arm/faults.ts";
import { type Rule, scenarioNamed, scenarios } from "../../rehearsal/arm/scenarios.ts";
import {
  type Answer,
  inGroup,
  makeCluster,
  makeGroup,
  putPool,
  type Rig,
  startRig,
  sub,
  versions,
} from "./support.ts";

let rig: Rig;
afterEach(() => rig.close());

async function play(name: string, seed = 1): Promise<void> {
  rig = await startRig({ scenario: scenarioNamed(name), seed });
}

const d2 = { vmSize: "Standard_D2s_v5", count: 1 };
const a10 = { vmSize: "Standard_NV36ads_A10_v5", count: 1 };

describe("each scenario does what it says", () => {
  test("gpu-quota-refused: GPU pools only, until another scenario plays", async () => {
    await play("gpu-quota-refused");
    await makeGroup(rig);
    await makeCluster(rig);
    await rig.finish(await putPool(rig, "work", d2));
    for (const _ of [1, 2]) {
      expect((await putPool(rig, "gpu", a10)).body.message).toBe(
        "Insufficient vcpu quota requested 72, remaining 0 for family StandardNVADSA10v5Family for region eastus. Surge nodes would also consume vcpu quota.",
      );
    }
    await rig.raw("PUT", "/_rehearsal/scenario", { body: { name: "healthy" } });
    expect((await rig.finish(await putPool(rig, "gpu", a10)))["status"]).toBe("Succeeded");
  });

  test("second-pool-refused: the second PUT only", async () => {
    await play("second-pool-refused");
    await makeGroup(rig);
    await makeCluster(rig);
    const codes: number[] = [];
    for (const name of ["one", "two", "two"]) {
      const answer = await putPool(rig, name, d2);
      codes.push(answer.status);
    }
    expect(codes).toEqual([201, 400, 201]);
  });

  test("principal-not-found: twice, then it works", async () => {
    await play("principal-not-found");
    await makeGroup(rig);
    const put = () => putRole("22222222-2222-4222-8222-222222222222");
    const first = await put();
    expect(first.body.error).toEqual({
      code: "PrincipalNotFound",
      message: `Principal 33333333-3333-4333-8333-333333333333 does not exist in the directory ${rig.arm.tenantId}.`,
    });
    expect([(await put()).status, (await put()).status]).toEqual([400, 201]);
  });

  test("throttled: 429 with Retry-After, in the envelope", async () => {
    await play("throttled");
    await makeGroup(rig);
    const answer = await rig.raw("PUT", groupPath(), { body: { location: "eastus" } });
    expect(answer).toMatchObject({
      status: 429,
      headers: { "retry-after": "1" },
      body: { error: { code: "SubscriptionRequestsThrottled" } },
    });
  });

  test("operation-fails: accepted, then Failed, and the cluster says so", async () => {
    await play("operation-fails");
    await makeGroup(rig);
    const end = await makeCluster(rig);
    expect(end).toMatchObject({ status: "Failed", error: { code: "AKSCapacityError" } });
    expect(String((end["error"] as Error).message)).toContain("eastus");
    const cluster = await rig.raw("GET", clusterPath());
    expect(cluster.body.properties.provisioningState).toBe("Failed");
    expect((await makeCluster(rig))["status"]).toBe("Succeeded");
  });

  test("pool-operation-fails: the GPU pool ends as Failed", async () => {
    await play("pool-operation-fails");
    await makeGroup(rig);
    await makeCluster(rig);
    expect(await rig.finish(await putPool(rig, "gpu", a10))).toMatchObject({
      status: "Failed",
      error: { code: "AllocationFailed" },
    });
  });

  test("pending-operation: once, with AKS's own text and without envelope", async () => {
    await play("pending-operation");
    await makeGroup(rig);
    await makeCluster(rig);
    const first = await putPool(rig, "work", d2);
    expect(first).toMatchObject({ status: 409, body: { code: "OperationNotAllowed" } });
    expect((await putPool(rig, "work", d2)).status).toBe(201);
  });

  test("sku-restricted: the list says so, and AKS refuses", async () => {
    await play("sku-restricted");
    await makeGroup(rig);
    await makeCluster(rig);
    const filter = encodeURIComponent("location eq 'eastus'");
    const { body } = await rig.raw(
      "GET",
      sub(rig, `/providers/Microsoft.Compute/skus?api-version=2021-07-01&$filter=${filter}&$skiptoken=500`),
    );
    const row = body.value.find((sku: { name: string }) => sku.name === a10.vmSize);
    expect(row.restrictions).toMatchObject([{ type: "Location", reasonCode: "NotAvailableForSubscription" }]);
    expect((await putPool(rig, "gpu", a10)).body.message).toMatch(
      /The VM size of Standard_NV36ads_A10_v5 is not allowed in your subscription in location 'eastus'/,
    );
  });

  test("no-quota: usages show zero", async () => {
    await play("no-quota");
    const path = "/providers/Microsoft.Compute/locations/westus3/usages?api-version=2026-03-01";
    const { body } = await rig.raw("GET", sub(rig, path));
    const limit = (name: string) =>
      body.value.find((row: { name: { value: string } }) => row.name.value === name).limit;
    expect([limit("StandardNCADSA100v4Family"), limit("lowPriorityCores")]).toEqual([0, 0]);
    expect(limit("cores")).toBeGreaterThan(0);
  });

  test("arm-flaky: fails now and then, the same way for the same seed", async () => {
    const run = async (seed: number) => {
      await play("arm-flaky", seed);
      const seen: unknown[] = [];
      for (let call = 0; call < 40; call += 1) {
        seen.push(
          await rig.raw("GET", groupPath()).then(
            (answer) => answer.status,
            () => "reset",
          ),
        );
      }
      await rig.close();
      return seen;
    };
    const [one, again, other] = [await run(1), await run(1), await run(2)];
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect(new Set(one)).toEqual(new Set([404, 500, "reset"]));
  });

  test("slow: answers come later, and are right", async () => {
    await play("slow");
    const start = performance.now();
    await makeGroup(rig);
    expect(performance.now() - start).toBeGreaterThanOrEqual(199);
  });
});

describe("rules", () => {
  const request = { method: "PUT", type: "A/b", name: "one", vmSize: undefined };

  test("hit from the nth matching call on, as often as they say", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(5), (nth, times) => {
        const rule: Rule = { on: { type: "a/B" }, nth, times, effect: { kind: "reset" } };
        const faults = new Faults({ name: "x", description: "", rules: [rule] }, 1);
        for (let call = 1; call <= 20; call += 1) {
          faults.next({ ...request, type: "other" });
          const expected = call >= nth && (times === 0 || call < nth + times);
          expect(faults.next(request)).toHaveLength(expected ? 1 : 0);
        }
      }),
    );
    rig = { close: async () => undefined } as Rig;
  });

  test("every scenario has a description, and an unknown name lists them", async () => {
    await play("healthy");
    const { status, body } = await rig.raw("PUT", "/_rehearsal/scenario", { body: { name: "nope" } });
    expect(status).toBe(400);
    for (const { name, description } of scenarios.values()) {
      expect(body.error).toContain(`${name}: ${description}`);
    }
  });

  test("a scenario of one's own can be played, and requests are counted", async () => {
    await play("healthy");
    const rules = [
      { on: { name: "^rg$" }, effect: { kind: "error", status: 403, code: "No", message: "{name}" } },
    ];
    await rig.raw("PUT", "/_rehearsal/scenario", { body: { name: "mine", rules } });
    expect((await rig.raw("GET", groupPath())).body.error).toEqual({ code: "No", message: "rg" });
    const { body } = await rig.raw("GET", "/_rehearsal/requests", { token: null });
    expect(body).toMatchObject({
      scenario: "mine",
      faults: [1],
      requests: [{ method: "GET", type: "Microsoft.Resources/resourceGroups", count: 1 }],
      apiVersions: { "Microsoft.Resources/resourceGroups": ["2024-03-01"] },
    });
  });
});

function groupPath(): string {
  return sub(rig, `/resourceGroups/rg?${versions.group}`);
}

function clusterPath(): string {
  return inGroup(rig, `Microsoft.ContainerService/managedClusters/demo?${versions.aks}`);
}

function putRole(name: string): Promise<Answer> {
  const role = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
  return rig.raw("PUT", inGroup(rig, `Microsoft.Authorization/roleAssignments/${name}?${versions.role}`), {
    body: {
      properties: {
        principalId: "33333333-3333-4333-8333-333333333333",
        principalType: "ServicePrincipal",
        roleDefinitionId: sub(rig, `/providers/Microsoft.Authorization/roleDefinitions/${role}`),
      },
    },
  });
}
