import { expect, it } from "vitest";
import { acrAnonymousPullOff as rule } from "../../../policies/rules/acrAnonymousPullOff.ts";
import { REGISTRY, registryProps } from "../azureFixtures.ts";
import { findings, judge, unknownBoolean } from "../judge.ts";

const said = (anonymousPullEnabled: unknown) =>
  findings(rule, REGISTRY, registryProps("x", { anonymousPullEnabled }));

it("accepts a registry where nobody pulls anonymously, or that is left at Azure's default", async () => {
  expect(await said(false)).toEqual([]);
  expect(await said(undefined)).toEqual([]);
});

it("refuses one that anybody may pull from", async () => {
  expect(await said(true)).toEqual([
    "mandatory: Anybody may pull from the registry (anonymousPullEnabled is true).",
  ]);
});

it("reports what isn't known yet", async () => {
  expect((await said(unknownBoolean))[0]).toContain("advisory: anonymousPullEnabled is not known yet");
});

it("leaves other resources alone", async () => {
  expect(await judge(rule, "azure-native:containerregistry:Token", { anonymousPullEnabled: true })).toEqual(
    [],
  );
});
