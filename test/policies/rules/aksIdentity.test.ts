import { describe, expect, it } from "vitest";
import { aksIdentity as rule } from "../../../policies/rules/aksIdentity.ts";
import { CLUSTER, clusterProps } from "../azureFixtures.ts";
import { findings, unknownBoolean, unknownString } from "../judge.ts";

const said = (changes: Record<string, unknown>) => findings(rule, CLUSTER, clusterProps("x", changes));
const issuer = (enabled: unknown) => ({ oidcIssuerProfile: { enabled } });
const workloads = (enabled: unknown) => ({ securityProfile: { workloadIdentity: { enabled } } });
const principal = (clientId: unknown) => ({ servicePrincipalProfile: { clientId } });

describe("aks-identity", () => {
  it.each([
    ["a system-assigned identity", {}],
    ["a user-assigned identity", { identity: { type: "UserAssigned", userAssignedIdentities: ["/id"] } }],
    ["what Azure reports of a managed identity", principal("msi")],
  ])("accepts %s", async (_, changes) => {
    expect(await said(changes)).toEqual([]);
  });

  it.each([
    ["no issuer", issuer(false), "has no OIDC issuer (oidcIssuerProfile.enabled is false)"],
    ["no workload identity", workloads(undefined), "has no workload identity"],
    ["a secret", { ...principal("id"), identity: undefined }, "signs in with a service principal's secret"],
    ["no identity", { identity: undefined }, "has no managed identity (identity.type is not set)"],
    ["pod identity", { podIdentityProfile: { enabled: true } }, "has pod identity"],
  ])("refuses %s", async (_, changes, why) => {
    expect(await said(changes)).toEqual([expect.stringContaining(`mandatory: The cluster ${why}`)]);
  });

  it.each([
    ["oidcIssuerProfile.enabled", issuer(unknownBoolean)],
    ["securityProfile.workloadIdentity.enabled", workloads(unknownBoolean)],
    ["servicePrincipalProfile.clientId", principal(unknownString)],
    ["identity.type", { identity: { type: unknownString } }],
    ["podIdentityProfile.enabled", { podIdentityProfile: { enabled: unknownBoolean } }],
  ])("reports that %s isn't known yet", async (path, changes) => {
    const [text, ...more] = await said(changes);
    expect(text).toContain(`advisory: ${path} is not known yet`);
    expect(more).toEqual([]);
  });
});
