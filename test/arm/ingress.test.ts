import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { IngressProfile } from "../../rehearsal/arm/ingressProfile.ts";
import { clusterBody, inGroup, makeCluster, makeGroup, putInGroup, type Rig, startRig } from "./support.ts";

let rig: Rig;
let told: (IngressProfile | undefined)[];
beforeEach(async () => {
  told = [];
  rig = await startRig({ onIngressProfile: async (profile) => void told.push(profile) });
  await makeGroup(rig);
});
afterEach(() => rig.close());

describe("a cluster's ingress profile", () => {
  const profile = (installation: string, mode: string) => ({
    gatewayAPI: { installation },
    webAppRouting: { gatewayAPIImplementations: { appRoutingIstio: { mode } } },
  });
  const withProfile = (ingressProfile: object | undefined) => {
    const body = clusterBody();
    return { ...body, properties: { ...body.properties, ingressProfile } };
  };

  test("is told of when it changes, and not again", async () => {
    await makeCluster(rig, "demo", withProfile(undefined));
    await makeCluster(rig, "demo", withProfile(profile("Standard", "Enabled")));
    await makeCluster(rig, "demo", withProfile(profile("Standard", "Enabled")));
    await makeCluster(rig, "demo", withProfile(profile("Standard", "Disabled")));
    expect(told).toEqual([
      { gatewayApi: false, appRoutingIstio: false },
      { gatewayApi: true, appRoutingIstio: true },
      { gatewayApi: true, appRoutingIstio: false },
    ]);
  });

  test("stays over a request that doesn't name it, as one of an older version can't, and goes with the cluster", async () => {
    await makeCluster(rig, "demo", withProfile(profile("Standard", "Enabled")));
    const after = await makeCluster(rig, "demo", withProfile(undefined));
    expect(after).toBeDefined();
    const path = inGroup(rig, "Microsoft.ContainerService/managedClusters/demo?api-version=2026-06-01");
    const { body } = await rig.raw("GET", path);
    expect(body.properties.ingressProfile).toEqual(profile("Standard", "Enabled"));
    await rig.finish(await rig.raw("DELETE", path));
    expect(told).toEqual([{ gatewayApi: true, appRoutingIstio: true }, undefined]);
  });

  test.each([
    ["Experimental", "Enabled"],
    ["Standard", "On"],
  ])("has words of Azure's only: %s, %s", async (installation, mode) => {
    await expect(makeCluster(rig, "demo", withProfile(profile(installation, mode)))).rejects.toThrow(
      /is none of/,
    );
  });
});

describe("DNS records", () => {
  const version = "api-version=2018-05-01";
  const zone = "Microsoft.Network/dnsZones/example.com";
  const put = (path: string, properties: object, extra: object = {}) =>
    putInGroup(rig, path, version, { ...extra, properties });
  const address = { TTL: 300, ARecords: [{ ipv4Address: "203.0.113.10" }] };

  test("are in a zone that exists, under their full name", async () => {
    expect((await put(`${zone}/A/chat`, address)).body.error.code).toBe("ParentResourceNotFound");
    expect((await put(zone, {}, { location: "eastus" })).status).toBe(400);
    expect((await put(zone, {}, { location: "global" })).status).toBe(201);
    const made = await put(`${zone}/A/chat`, address);
    expect(made.body.properties).toMatchObject({ ...address, fqdn: "chat.example.com." });
    expect((await put(`${zone}/A/%40`, address)).body.properties.fqdn).toBe("example.com.");
  });

  test.each([
    ["no time to live", { ARecords: address.ARecords }],
    ["no address", { TTL: 300 }],
    ["an address that is none", { TTL: 300, ARecords: [{ ipv4Address: "chat" }] }],
    ["the names of the private zones' version", { ttl: 300, aRecords: address.ARecords }],
  ])("are refused with %s", async (_name, properties) => {
    await put(zone, {}, { location: "global" });
    expect((await put(`${zone}/A/chat`, properties)).status).toBe(400);
  });

  test("stand beside no alias of the same name, and the zone itself is none", async () => {
    await put(zone, {}, { location: "global" });
    const alias = { TTL: 300, CNAMERecord: { cname: "x.example.net" } };
    expect((await put(`${zone}/CNAME/%40`, alias)).status).toBe(400);
    expect((await put(`${zone}/A/chat`, address)).status).toBe(201);
    expect((await put(`${zone}/CNAME/chat`, alias)).status).toBe(400);
    expect((await put(`${zone}/CNAME/www`, alias)).status).toBe(201);
    expect((await put(`${zone}/A/www`, address)).status).toBe(400);
  });

  test("are in private zones, too, with that version's names", async () => {
    const inner = "Microsoft.Network/privateDnsZones/corp.example.com";
    const inPrivate = (path: string, body: object) => putInGroup(rig, path, "api-version=2024-06-01", body);
    await rig.finish(await inPrivate(inner, { location: "global" }));
    const record = { properties: { ttl: 300, aRecords: [{ ipv4Address: "10.224.0.10" }] } };
    expect((await inPrivate(`${inner}/A/chat`, record)).status).toBe(201);
  });
});
