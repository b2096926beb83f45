import { describe, expect, it } from "vitest";
import { ENTRA_EGRESS, issuerPlaces, issuerRule } from "../../../components/mcpGuard/issuer.ts";
import { egressRule } from "../../../components/network/egress.ts";

const entra = "https://login.microsoftonline.com/tenant/v2.0";
const jwt = (changes: object) => ({ issuer: entra, audience: ["x"], ...changes });

describe("where an issuer's keys are fetched", () => {
  it.each([
    ["nowhere without an issuer", undefined, { egress: [], targets: [] }],
    ["Entra ID, and nowhere else", jwt({}), { egress: ENTRA_EGRESS, targets: [] }],
    [
      "what is declared, also for Entra ID",
      jwt({ egress: [{ cidr: "20.0.0.0/8" }] }),
      { egress: [{ cidr: "20.0.0.0/8" }], targets: [] },
    ],
    [
      "a Service of the cluster",
      jwt({ issuer: "https://keycloak.auth.svc.cluster.local:8443/realms/a" }),
      { egress: [], targets: [{ namespace: "auth", port: 8443 }] },
    ],
    [
      "an address",
      jwt({ issuer: "https://10.1.2.3/" }),
      { egress: [{ cidr: "10.1.2.3/32", ports: [443] }], targets: [] },
    ],
    [
      "the keys' place where it isn't the issuer's",
      jwt({ issuer: "https://sts.windows.net/tenant/", jwksUri: "https://login.windows.net/common/keys" }),
      { egress: ENTRA_EGRESS, targets: [] },
    ],
  ])("%s", (_, settings, places) => {
    expect(issuerPlaces(settings)).toEqual(places);
    expect(settings && issuerRule(settings)).toBeUndefined();
  });

  it("must be said for another name", () => {
    expect(issuerRule(jwt({ issuer: "https://sts.windows.net/tenant/" }))).toMatch(
      /^a list of the addresses of sts.windows.net/,
    );
  });

  it("is no address that Azure keeps for the node", () => {
    for (const { cidr } of ENTRA_EGRESS) expect([cidr, egressRule(cidr)]).toEqual([cidr, undefined]);
  });
});
