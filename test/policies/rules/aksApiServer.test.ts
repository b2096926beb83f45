import { describe, expect, it } from "vitest";
import { aksApiServer as rule } from "../../../policies/rules/aksApiServer.ts";
import { CLUSTER, clusterProps } from "../azureFixtures.ts";
import { findings, unknownArray, unknownObject, unknownString } from "../judge.ts";

const said = (apiServerAccessProfile: unknown, config: object = {}) =>
  findings(rule, CLUSTER, clusterProps("x", { apiServerAccessProfile }), config);
const ranges = (...authorizedIPRanges: unknown[]) => ({ authorizedIPRanges });

describe("aks-api-server", () => {
  it.each([
    ["is private", { enablePrivateCluster: true }],
    ["answers ranges", ranges("203.0.113.0/24", "198.51.100.7")],
    ["answers a /16", ranges("198.51.0.0/16")],
    ["answers a range of IPv6", ranges("2001:db8::/32")],
  ])("accepts one that %s", async (_, profile) => {
    expect(await said(profile)).toEqual([]);
  });

  it.each([
    ["no profile", undefined, "answers the whole internet"],
    ["no ranges", ranges(), "answers the whole internet"],
    ["no private address", { enablePrivateCluster: false }, "answers the whole internet"],
    ["everybody", ranges("203.0.113.0/24", "0.0.0.0/0"), "0.0.0.0/0 may reach the API server"],
    ["half of everybody", ranges("0.0.0.0/1"), "wider than /16"],
    ["what is no range", ranges("10.0.0.0/x"), "10.0.0.0/x may reach"],
  ])("refuses %s", async (_, profile, why) => {
    const [text, ...more] = await said(profile);
    expect(text).toContain("mandatory: ");
    expect(text).toContain(why);
    expect(more).toEqual([]);
  });

  it("takes the widest range from its configuration", async () => {
    expect(await said(ranges("198.51.0.0/16"), { widestPrefix: 24 })).toHaveLength(1);
    expect(await said(ranges("10.0.0.0/8"), { widestPrefix: 8 })).toEqual([]);
  });

  it.each([
    ["apiServerAccessProfile", unknownObject],
    ["apiServerAccessProfile.authorizedIPRanges", { authorizedIPRanges: unknownArray }],
    ["apiServerAccessProfile.authorizedIPRanges[1]", ranges("203.0.113.0/24", unknownString)],
  ])("reports that %s isn't known yet", async (path, profile) => {
    const [text, ...more] = await said(profile);
    expect(text).toContain(`advisory: ${path} is not known yet`);
    expect(more).toEqual([]);
  });
});
