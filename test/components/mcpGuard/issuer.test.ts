import { describe, expect, it } from "vitest";
import { ENTRA_EGRESS, issuerConflict, issuerEgress } from "../../../components/mcpGuard/issuer.ts";
import { egressRule } from "../../../components/network/egress.ts";

const entra = "https://login.microsoftonline.com/tenant/v2.0";
const jwt = (changes: object) => ({ issuer: entra, audience: ["x"], ...changes });

describe("where an issuer's keys are fetched", () => {
  it.each([
    ["nowhere without an issuer", undefined, []],
    ["Entra ID, and nowhere else", jwt({}), ENTRA_EGRESS],
    [
      "what is declared, also for Entra ID",
      jwt({ egress: [{ cidr: "20.0.0.0/8" }] }),
      [{ cidr: "20.0.0.0/8" }],
    ],
    ["an address", jwt({ issuer: "https://10.1.2.3/" }), [{ cidr: "10.1.2.3/32", ports: [443] }]],
    [
      "the keys' place where it isn't the issuer's",
      jwt({ issuer: "https://sts.windows.net/tenant/", jwksUri: "https://login.windows.net/common/keys" }),
      ENTRA_EGRESS,
    ],
  ])("%s", (_, settings, egress) => {
    expect(issuerEgress(settings)).toEqual(egress);
    expect(settings && issuerConflict(settings)).toBeUndefined();
  });

  it("must be said for another name", () => {
    expect(issuerConflict(jwt({ issuer: "https://sts.windows.net/tenant/" }))).toEqual({
      key: "egress",
      rule: expect.stringMatching(/^a list of the addresses of sts.windows.net/),
    });
  });

  it.each([
    [
      "issuer",
      { issuer: "https://keycloak.auth.svc.cluster.local:8443/realms/a" },
      "keycloak.auth.svc.cluster.local",
    ],
    [
      "jwksUri",
      { jwksUri: "https://keycloak.auth.svc/keys", egress: [{ cidr: "10.0.0.0/8" }] },
      "keycloak.auth.svc",
    ],
  ])("can't be a Service of the cluster: %s", (key, changes, host) => {
    expect(issuerConflict(jwt(changes))).toEqual({
      key,
      rule: expect.stringMatching(
        new RegExp(
          `^a URL outside the cluster, .* the Service ${host}: public authorities sign no certificate`,
        ),
      ),
    });
  });

  it("may have a name of the cluster where its keys are elsewhere", () => {
    const keys = { jwksUri: "https://login.windows.net/common/keys" };
    expect(issuerConflict(jwt({ issuer: "https://id.auth.svc", ...keys }))).toBeUndefined();
  });

  it("is no address that Azure keeps for the node", () => {
    for (const { cidr } of ENTRA_EGRESS) expect([cidr, egressRule(cidr)]).toEqual([cidr, undefined]);
  });
});
