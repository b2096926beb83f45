import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { azureSource } from "../../../components/vmSkuSelection/azure.ts";
import { readOwnPools } from "../../../components/vmSkuSelection/ownPools.ts";
import { findSku } from "../../../components/vmSkuSelection/quota.ts";
import type { RequestRecord } from "../../../rehearsal/arm/server.ts";
import { CertificateAuthority } from "../../../rehearsal/certs.ts";
import { clusterBody, type Rig, startRig } from "../../arm/support.ts";

// For a server besides the rig.
const authority = await CertificateAuthority.create("pages");
let rig: Rig;
let env: Record<string, string>;
const seen: RequestRecord[] = [];
const count = (part: string) => seen.filter(({ path }) => path.includes(part)).length;
const originalCertificates = getCACertificates("default");

beforeAll(async () => {
  rig = await startRig({ onRequest: (record) => seen.push(record) });
  setDefaultCACertificates([...originalCertificates, rig.ca, authority.cert]);
  const { metadataHost, tenantId, clientId, clientSecret } = rig.arm;
  env = {
    ARM_METADATA_HOSTNAME: metadataHost,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
  };
});
afterAll(async () => {
  setDefaultCACertificates(originalCertificates);
  await rig.close();
});

describe("azureSource", () => {
  it("reads a region once, all its pages, whatever its spelling", async () => {
    const source = azureSource(env);
    const [facts, same] = await Promise.all([
      source.region(rig.arm.subscriptionId, "eastus"),
      source.region(rig.arm.subscriptionId, "East US"),
    ]);
    expect(same).toBe(facts);
    expect(count("/usages")).toBe(1);
    expect(count("/metadata/endpoints")).toBe(1);
    expect(facts.skus.length).toBeGreaterThan(300);
    expect(findSku(facts.skus, "standard_nc24ads_a100_v4")).toMatchObject({
      name: "Standard_NC24ads_A100_v4",
      vcpus: 24,
      gpus: 1,
      memoryGiB: 220,
      arch: "amd64",
    });
    expect(facts.quotas.find(({ name }) => name === "cores")).toMatchObject({
      title: "Total Regional vCPUs",
    });
  });

  it("remembers a failure as well, sorted", async () => {
    const source = azureSource(env);
    const before = count("/nowhere/");
    const ask = () => source.region(rig.arm.subscriptionId, "nowhere");
    await expect(ask()).rejects.toMatchObject({ problem: "no-such-region" });
    await expect(ask()).rejects.toMatchObject({ problem: "no-such-region" });
    expect(count("/nowhere/") - before).toBe(1);
  });

  it.each([
    ["sign-in", { ARM_CLIENT_SECRET: "wrong" }],
    ["unreachable", { ARM_METADATA_HOSTNAME: "127.0.0.1:1" }],
    ["not-found", {}],
  ])("says %s when that is so", async (problem, change) => {
    const source = azureSource({ ...env, ...change });
    await expect(source.region("99999999-0000-0000-0000-000000000000", "eastus")).rejects.toMatchObject({
      problem,
    });
  });

  it("reads the cluster's own nodes, and none before there is a cluster", async () => {
    const group = `/subscriptions/${rig.arm.subscriptionId}/resourceGroups/rg`;
    const id = `${group}/providers/Microsoft.ContainerService/managedClusters/demo`;
    expect(await azureSource(env).ownPools(id)).toEqual([]);
    await rig.raw("PUT", `${group}?api-version=2021-04-01`, { body: { location: "eastus" } });
    await rig.finish(await rig.raw("PUT", `${id}?api-version=2025-05-01`, { body: clusterBody() }));
    await rig.aks.agentPools.beginCreateOrUpdateAndWait("rg", "demo", "gpu", {
      mode: "User",
      vmSize: "Standard_NV36ads_A10_v5",
      count: 1,
      enableAutoScaling: true,
      minCount: 1,
      maxCount: 2,
      scaleSetPriority: "Spot",
    });
    expect(await azureSource(env).ownPools(id)).toContainEqual({
      name: "gpu",
      vmSize: "Standard_NV36ads_A10_v5",
      count: 1,
      maxCount: 2,
      spot: true,
    });
  });
});

describe("readOwnPools", () => {
  it("follows pages to the end with its token, and fails with ARM's message", async () => {
    const page = (name: string) => ({ name, properties: { vmSize: "Standard_D4s_v5", count: 1 } });
    const server = createServer(
      await authority.issue({ name: "server", hosts: ["127.0.0.1"] }),
      (request, response) => {
        const forbidden = request.url?.includes("/forbidden/");
        response.statusCode = forbidden || request.headers.authorization !== "Bearer the-token" ? 403 : 200;
        response.end(
          JSON.stringify(
            forbidden
              ? { error: { code: "AuthorizationFailed", message: "no read access" } }
              : request.url?.includes("page=2")
                ? { value: [page("b")] }
                : { value: [page("a")], nextLink: `${endpoint}/next?page=2` },
          ),
        );
      },
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credential = {
      getToken: async () => ({ token: "the-token", expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const read = (id: string) =>
      readOwnPools({ credential, endpoint, scopes: ["s/.default"] }, id, AbortSignal.timeout(10_000));
    try {
      expect((await read("/the/cluster")).map(({ name }) => name)).toEqual(["a", "b"]);
      await expect(read("/forbidden/cluster")).rejects.toMatchObject({
        statusCode: 403,
        message: "no read access",
      });
    } finally {
      server.close();
    }
  });
});
