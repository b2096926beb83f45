import { describe, expect, it } from "vitest";
import { aksUpgrades as rule } from "../../../policies/rules/aksUpgrades.ts";
import { CLUSTER, clusterProps } from "../azureFixtures.ts";
import { findings, unknownString } from "../judge.ts";

const said = (upgradeChannel: unknown, nodeOSUpgradeChannel: unknown) =>
  findings(
    rule,
    CLUSTER,
    clusterProps("x", { autoUpgradeProfile: { upgradeChannel, nodeOSUpgradeChannel } }),
  );

describe("aks-upgrades", () => {
  it.each([
    ["patch", "NodeImage"],
    ["stable", "SecurityPatch"],
    ["node-image", undefined],
  ])("accepts %s with %s", async (kubernetes, os) => {
    expect(await said(kubernetes, os)).toEqual([]);
  });

  it.each([
    ["none", "NodeImage", "doesn't upgrade Kubernetes by itself (autoUpgradeProfile.upgradeChannel is none)"],
    [undefined, "NodeImage", "autoUpgradeProfile.upgradeChannel is not set"],
    ["patch", "None", "its nodes' OS by itself (autoUpgradeProfile.nodeOSUpgradeChannel is None)"],
    ["patch", "Unmanaged", "nodeOSUpgradeChannel is Unmanaged"],
  ])("refuses %s with %s", async (kubernetes, os, why) => {
    expect(await said(kubernetes, os)).toEqual([expect.stringContaining(why)]);
  });

  it("reports what isn't known yet", async () => {
    const [text, ...more] = await said(unknownString, "NodeImage");
    expect(text).toContain("advisory: autoUpgradeProfile.upgradeChannel is not known yet");
    expect(more).toEqual([]);
  });
});
