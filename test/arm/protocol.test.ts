import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, inGroup, makeGroup, type Rig, startRig, sub, versions } from "./support.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  await makeGroup(rig);
});
afterAll(() => rig.close());

const missing = "Microsoft.ContainerService/managedClusters/missing";

interface Refusal {
  name: string;
  method?: string;
  path: () => string;
  body?: unknown;
  status: number;
  code: string;
  /** AKS answers without an envelope. */
  bare?: boolean;
}

const refusals: Refusal[] = [
  {
    name: "no api-version",
    path: () => sub(rig, "/resourceGroups/rg"),
    status: 400,
    code: "MissingApiVersionParameter",
  },
  {
    name: "an api-version that is no date",
    path: () => inGroup(rig, `${missing}?api-version=latest`),
    status: 400,
    code: "InvalidApiVersionParameter",
  },
  {
    name: "a version that the group API lacks",
    path: () => sub(rig, "/resourceGroups/rg?api-version=1999-01-01"),
    status: 400,
    code: "InvalidApiVersionParameter",
  },
  {
    name: "a version that the type lacks",
    path: () => inGroup(rig, `${missing}?api-version=2016-01-01`),
    status: 400,
    code: "NoRegisteredProviderFound",
  },
  {
    name: "a type without a row",
    path: () => inGroup(rig, "Microsoft.ContainerService/fleets/one?api-version=2024-01-01"),
    status: 404,
    code: "InvalidResourceType",
  },
  {
    name: "an unknown namespace",
    path: () => inGroup(rig, "Contoso.Stuff/things/one?api-version=2024-01-01"),
    status: 404,
    code: "InvalidResourceNamespace",
  },
  {
    name: "another subscription",
    path: () => `/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups?${versions.group}`,
    status: 404,
    code: "SubscriptionNotFound",
  },
  {
    name: "a missing resource",
    path: () => inGroup(rig, `${missing}?${versions.aks}`),
    status: 404,
    code: "ResourceNotFound",
  },
  {
    name: "a missing group",
    path: () => sub(rig, `/resourceGroups/none/providers/${missing}?${versions.aks}`),
    status: 404,
    code: "ResourceGroupNotFound",
  },
  {
    name: "a missing parent",
    method: "PUT",
    path: () => inGroup(rig, `${missing}/agentPools/one?${versions.aks}`),
    body: { properties: { vmSize: "Standard_D4s_v5" } },
    status: 404,
    code: "ParentResourceNotFound",
  },
  {
    name: "another location for a group",
    method: "PUT",
    path: () => sub(rig, `/resourceGroups/rg?${versions.group}`),
    body: { location: "westus3" },
    status: 409,
    code: "InvalidResourceGroupLocation",
  },
  {
    name: "a region that isn't",
    method: "PUT",
    path: () => sub(rig, `/resourceGroups/other?${versions.group}`),
    body: { location: "atlantis" },
    status: 400,
    code: "LocationNotAvailableForResourceGroup",
  },
  {
    name: "text that is no JSON",
    method: "PUT",
    path: () => sub(rig, `/resourceGroups/rg?${versions.group}`),
    body: "{",
    status: 400,
    code: "InvalidRequestContent",
  },
  {
    name: "a cluster's bad name, by AKS itself",
    method: "PUT",
    path: () => inGroup(rig, `Microsoft.ContainerService/managedClusters/-bad-?${versions.aks}`),
    body: {},
    status: 400,
    code: "InvalidParameter",
    bare: true,
  },
];

describe("refusals", () => {
  test.each(refusals)("$name: $status $code", async ({ method, path, body, status, code, bare }) => {
    const answer = await rig.raw(method ?? "GET", path(), { body });
    expect(answer.status).toBe(status);
    expect(bare ? answer.body : answer.body.error).toMatchObject({ code, message: expect.any(String) });
    expect("error" in answer.body).toBe(!bare);
  });
});

describe("paths", () => {
  test.each(["//subscriptions", "/SUBSCRIPTIONS", "/subscriptions/"])(
    "%s leads to the group",
    async (start) => {
      const path = `${start}/${rig.arm.subscriptionId}/resourcegroups/RG?${versions.group}`;
      const answer = await rig.raw("GET", path);
      expect(answer.body).toMatchObject({ name: "rg", location: "eastus" });
    },
  );

  test("a doubled slash doesn't hide what is no resource either", async () => {
    const path = sub(rig, "/providers/Microsoft.Compute//locations/eastus/usages?api-version=2026-03-01");
    expect((await rig.raw("GET", `/${path}`)).body.value.length).toBeGreaterThan(50);
  });

  test("a percent sign that encodes nothing is the client's fault", async () => {
    const answer = await rig.raw("GET", sub(rig, `/resourceGroups/100%?${versions.group}`));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "BadRequest" } } });
  });

  test("deleting what isn't there is 204", async () => {
    expect((await rig.raw("DELETE", inGroup(rig, `${missing}?${versions.aks}`))).status).toBe(204);
  });

  test("every answer can be correlated, and shows what is left of the limit", async () => {
    const ask = () =>
      rig.raw("GET", sub(rig, `/resourceGroups/rg?${versions.group}`), {
        headers: { "x-ms-client-request-id": "mine" },
      });
    const [first, second] = [await ask(), await ask()];
    expect(first.headers["x-ms-client-request-id"]).toBe("mine");
    expect(first.headers["x-ms-request-id"]).not.toBe(second.headers["x-ms-request-id"]);
    expect(remaining(second)).toBeLessThan(remaining(first));
  });
});

describe("lists", () => {
  test("SKUs: absolute links, no row twice, all regions without a filter", async () => {
    const seen = new Set<string>();
    const regions = new Set<string>();
    let rows = 0;
    let next: string | undefined = sub(rig, "/providers/Microsoft.Compute/skus?api-version=2021-07-01");
    while (next) {
      const page: Answer = await rig.raw("GET", next);
      for (const row of page.body.value) {
        rows += 1;
        seen.add([row.resourceType, row.name, row.size, row.locations[0]].join());
        regions.add(row.locations[0]);
      }
      next = page.body.nextLink;
      expect(next ?? rig.arm.endpoint).toContain(rig.arm.endpoint);
    }
    expect(rows).toBeGreaterThan(5000);
    expect(seen.size).toBe(rows);
    expect([...regions]).toEqual(
      expect.arrayContaining(["eastus", "westus3", "westeurope", "swedencentral", "australiaeast"]),
    );
  });

  test("built-in roles by name", async () => {
    const path = "/providers/Microsoft.Authorization/roleDefinitions";
    const filter = encodeURIComponent("roleName eq 'AcrPull'");
    const { body } = await rig.raw("GET", sub(rig, `${path}?api-version=2022-04-01&$filter=${filter}`));
    expect(body.value.map((role: { name: string }) => role.name)).toEqual([
      "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    ]);
  });
});

describe("If-Match", () => {
  test.each<{ name: string; headers: Record<string, string>; status: number }>([
    { name: "another ETag", headers: { "if-match": '"other"' }, status: 412 },
    { name: "any ETag", headers: { "if-match": "*" }, status: 200 },
    { name: "none must exist", headers: { "if-none-match": "*" }, status: 412 },
  ])("$name: $status", async ({ headers, status }) => {
    const path = sub(rig, `/resourceGroups/rg?${versions.group}`);
    const answer = await rig.raw("PUT", path, {
      body: { location: "eastus" },
      headers,
    });
    expect(answer.status).toBe(status);
  });

  test("the resource's own ETag passes once", async () => {
    const path = sub(rig, `/resourceGroups/rg?${versions.group}`);
    const etag = String((await rig.raw("GET", path)).headers["etag"]);
    const put = () => rig.raw("PUT", path, { body: { location: "eastus" }, headers: { "if-match": etag } });
    expect([(await put()).status, (await put()).status]).toEqual([200, 412]);
  });
});

function remaining({ headers }: Answer): number {
  return Number(headers["x-ms-ratelimit-remaining-subscription-reads"]);
}
