import { expect, it } from "vitest";
import { aksLocalAccountsOff as rule } from "../../../policies/rules/aksLocalAccountsOff.ts";
import { CLUSTER, clusterProps } from "../azureFixtures.ts";
import { findings, unknownBoolean } from "../judge.ts";

const said = (disableLocalAccounts: unknown) =>
  findings(rule, CLUSTER, clusterProps("x", { disableLocalAccounts }));

it("accepts a cluster without local accounts", async () => {
  expect(await said(true)).toEqual([]);
});

it.each([[false], [undefined]])("refuses one with them (%s)", async (value) => {
  expect(await said(value)).toEqual([
    `mandatory: The cluster takes local accounts (disableLocalAccounts is ${value ?? "not set"}).`,
  ]);
});

it("reports what isn't known yet", async () => {
  expect((await said(unknownBoolean))[0]).toContain("advisory: disableLocalAccounts is not known yet");
});
