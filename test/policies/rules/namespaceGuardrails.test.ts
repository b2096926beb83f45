import { describe, expect, it } from "vitest";
import { namespaceGuardrails as rule } from "../../../policies/rules/namespaceGuardrails.ts";
import { goodDeployment } from "../fixtures.ts";
import {
  judgeStack,
  type Member,
  stackFindings,
  unknownArray,
  unknownObject,
  unknownString,
} from "../judge.ts";

const object = (type: string, name: string, spec: unknown, namespace: unknown = "apps"): Member => ({
  type: `kubernetes:${type}`,
  name,
  props: { metadata: { name, namespace }, spec },
});
const quota = object("core/v1:ResourceQuota", "quota", { hard: { pods: "10" } });
const limits = object("core/v1:LimitRange", "limits", { limits: [{ type: "Container" }] });
const deny = (spec: unknown = { podSelector: {}, policyTypes: ["Ingress", "Egress"] }) =>
  object("networking.k8s.io/v1:NetworkPolicy", "deny", spec);
const pods = goodDeployment("app", {}, { namespace: "apps" });
const said = (...members: Member[]) => stackFindings(rule, [pods, ...members]);

describe("namespace-guardrails", () => {
  it("accepts a namespace that has all of them, and one without pods", async () => {
    expect(await said(quota, limits, deny())).toEqual([]);
    expect(await stackFindings(rule, [object("core/v1:ConfigMap", "x", undefined)])).toEqual([]);
  });

  it.each([
    ["ResourceQuota", [limits, deny()]],
    ["LimitRange", [quota, deny()]],
    ["NetworkPolicy that denies Ingress by default", [quota, limits, deny({ policyTypes: ["Egress"] })]],
    ["NetworkPolicy that denies Egress by default", [quota, limits, deny({ podSelector: {} })]],
  ])("refuses one without a %s", async (what, members) => {
    expect(await said(...members)).toEqual([`mandatory app: The namespace apps has pods and no ${what}.`]);
  });

  it.each([
    ["of some pods only", { podSelector: { matchLabels: { app: "x" } }, policyTypes: ["Ingress", "Egress"] }],
    ["with rules", { policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] }],
  ])("takes no NetworkPolicy %s for a denial", async (_, spec) => {
    expect(await said(quota, limits, deny(spec))).toHaveLength(2);
  });

  it("takes guardrails of another namespace for none", async () => {
    expect(
      await said({ ...quota, props: { metadata: { namespace: "other" } } }, limits, deny()),
    ).toHaveLength(1);
  });

  it("speaks of the namespace where the stack makes it", async () => {
    const namespace = { ...object("core/v1:Namespace", "apps", undefined), name: "its-namespace" };
    expect((await said(namespace, limits, deny()))[0]).toMatch(/^mandatory its-namespace: /);
  });

  it("leaves kube-system alone, and what its configuration names", async () => {
    const agent = goodDeployment("agent", {}, { namespace: "kube-system" });
    expect(await stackFindings(rule, [agent])).toEqual([]);
    const without = { apps: "another stack makes its guardrails" };
    expect(await judgeStack(rule, [pods], { without })).toEqual([]);
  });

  it.each([["kagent.dev/v1alpha1:MCPServer"], ["kaito.sh/v1beta1:Workspace"]])(
    "knows that a controller makes pods of a %s",
    async (type) => {
      expect(await stackFindings(rule, [object(type, "x", {})])).toHaveLength(4);
    },
  );

  it("refuses pods whose namespace it can't see", async () => {
    const somewhere = goodDeployment("app", {}, { namespace: unknownString });
    expect(await stackFindings(rule, [somewhere])).toEqual([
      expect.stringContaining("mandatory app: metadata.namespace of app"),
    ]);
  });

  it.each([
    ["metadata.namespace", [{ ...quota, props: { metadata: { namespace: unknownString } } }, limits, deny()]],
    ["spec", [quota, limits, deny(unknownObject)]],
    ["spec.policyTypes", [quota, limits, deny({ podSelector: {}, policyTypes: unknownArray })]],
  ])("refuses what it can't see: %s", async (path, members) => {
    const texts = await said(...members);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).toMatch(new RegExp(`^mandatory \\S+: ${path} of `));
  });
});
