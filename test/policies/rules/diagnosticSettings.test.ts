import { describe, expect, it } from "vitest";
import { diagnosticSettings as rule } from "../../../policies/rules/diagnosticSettings.ts";
import { CLUSTER, clusterProps, REGISTRY, registryProps } from "../azureFixtures.ts";
import { type Member, stackFindings, unknownArray, unknownString } from "../judge.ts";

const cluster: Member = { type: CLUSTER, name: "aks", props: clusterProps("aks-dev") };
const registry: Member = { type: REGISTRY, name: "acr", props: registryProps("acrdev") };
const id = (kind: string) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.X/${kind}`;
const setting = (
  resourceUri: string,
  dependsOn: string[] = [],
  logs: unknown = [{ enabled: true }],
): Member => ({
  type: "azure-native:monitor:DiagnosticSetting",
  name: "setting",
  props: { resourceUri, logs },
  dependsOn,
});
const said = (...members: Member[]) => stackFindings(rule, members);

describe("diagnostic-settings", () => {
  it("accepts settings by the id of their resource, in any case", async () => {
    expect(await said(cluster, setting(id("managedClusters/AKS-dev")))).toEqual([]);
    expect(await said(registry, setting(id("registries/acrdev")))).toEqual([]);
  });

  it("accepts those that depend on it, while the id isn't known", async () => {
    expect(await said(cluster, setting(unknownString, ["aks"]))).toEqual([]);
    expect(await said(cluster, setting(unknownString))).toHaveLength(1);
  });

  it.each([
    ["a cluster", cluster, "The cluster aks has no diagnostic setting"],
    ["a registry", registry, "The registry acr has no diagnostic setting"],
  ])("refuses %s without one", async (_, member, why) => {
    expect(await said(member)).toEqual([expect.stringContaining(why)]);
  });

  it("doesn't take another resource's setting, nor one that keeps nothing", async () => {
    expect(await said(cluster, setting(id("managedClusters/other"), ["aks"]))).toHaveLength(1);
    expect(await said(cluster, setting(id("registries/aks-dev")))).toHaveLength(1);
    const silent = setting(id("managedClusters/aks-dev"), [], [{ category: "guard", enabled: false }]);
    expect(await said(cluster, silent)).toEqual([expect.stringContaining("keeps no logs")]);
  });

  it("refuses logs that it can't see", async () => {
    expect(await said(cluster, setting(id("managedClusters/aks-dev"), [], unknownArray))).toEqual([
      expect.stringContaining("mandatory setting: logs of setting"),
    ]);
  });
});
