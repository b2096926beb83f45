import type { ResourceValidationPolicy } from "@pulumi/policy";
import { expect, it, onTestFinished } from "vitest";
import { seenInputs } from "../../../policies/lib/seenInputs.ts";
import { rbacEscalation } from "../../../policies/rules/rbacEscalation.ts";
import { rbacWildcards } from "../../../policies/rules/rbacWildcards.ts";
import { visibleWorkloads } from "../../../policies/rules/visibleWorkloads.ts";
import { rules } from "../../../policies/rules.ts";
import { findings, judge, urnOf } from "../judge.ts";

const API = "kubernetes:rbac.authorization.k8s.io/v1";
const role = (resource: string, verb: string) =>
  [`${API}:ClusterRole`, { rules: [{ resources: [resource], verbs: [verb] }] }] as const;

it.each([
  ["*/exec", "create", 1, 1],
  ["*/proxy", "get", 1, 1],
  ["*/token", "create", 1, 1],
  ["pods/exec", "*", 1, 1],
  ["*/log", "get", 0, 1],
  ["*/status", "update", 0, 0],
])("%s with %s: as far as each resource's, and not named", async (resource, verb, escalates, isWild) => {
  expect(await findings(rbacEscalation, ...role(resource, verb))).toHaveLength(escalates);
  expect(await findings(rbacWildcards, ...role(resource, verb))).toHaveLength(isWild);
});

it("a binding for all accounts of a namespace is for everybody there", async () => {
  const subjects = [{ kind: "Group", name: "system:serviceaccounts:apps" }];
  expect(
    await findings(rbacEscalation, `${API}:RoleBinding`, { roleRef: { name: "view" }, subjects }),
  ).toHaveLength(1);
});

it.each([
  ["azure-native_kubernetesconfiguration_v20230501:kubernetesconfiguration:FluxConfiguration", 1],
  ["azure-native:resources:Deployment", 1],
  ["azure-native:resources/v20240301:DeploymentStackAtResourceGroup", 1],
  ["kubernetes:helm.cattle.io/v1:HelmChart", 1],
  ["azure-native:resources:ResourceGroup", 0],
  ["kubernetes:apps/v1:Deployment", 0],
])("what %s makes is out of sight: %i", async (type, count) => {
  expect(await judge(visibleWorkloads, type, {})).toHaveLength(count);
});

it("rules on the stack know inputs whichever rules are disabled, and those of the update after the preview's", async () => {
  onTestFinished(() => seenInputs.clear());
  const policies = rules.filter((each): each is ResourceValidationPolicy => "validateResource" in each);
  const urn = urnOf("test:index:Thing", "x");
  for (const policy of [policies.at(-1), policies[3]] as ResourceValidationPolicy[]) {
    seenInputs.clear();
    await judge(policy, "test:index:Thing", { at: "preview" });
    expect(seenInputs.get(urn)).toEqual({ at: "preview" });
    await judge(policy, "test:index:Thing", { at: "update" });
    expect(seenInputs.get(urn)).toEqual({ at: "update" });
  }
});
