import { expect, it } from "vitest";
import { aksNetworkPolicy as rule } from "../../../policies/rules/aksNetworkPolicy.ts";
import { CLUSTER, clusterProps } from "../azureFixtures.ts";
import { findings, unknownString } from "../judge.ts";

const said = (networkPolicy: unknown) =>
  findings(rule, CLUSTER, clusterProps("x", { networkProfile: { networkPolicy } }));

it.each([["cilium"], ["calico"], ["azure"]])("accepts %s", async (engine) => {
  expect(await said(engine)).toEqual([]);
});

it.each([[undefined], ["none"]])("refuses %s", async (engine) => {
  expect(await said(engine)).toEqual([
    `mandatory: Nothing carries out NetworkPolicies (networkProfile.networkPolicy is ${engine ?? "not set"}).`,
  ]);
});

it("reports what isn't known yet", async () => {
  expect((await said(unknownString))[0]).toContain("advisory: networkProfile.networkPolicy is not known yet");
});
