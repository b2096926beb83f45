import { createPublicKey, verify } from "node:crypto";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { serverApplication } from "../../rehearsal/arm/entra.ts";
import {
  clusterBody,
  inGroup,
  makeCluster,
  makeGroup,
  type Rig,
  startRig,
  sub,
  versions,
} from "./support.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  onTestFinished(() => rig.close());
});

const tenant = "00000000-0000-0000-0000-000000000001";
const principal = "00000000-0000-0000-0000-000000000003";
const group = "66666666-6666-4666-8666-666666666666";

describe("tokens for clusters", () => {
  const claimsOf = (token: string) =>
    JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

  test("are signed by a published key, for AKS's application, and live too short to be kept", async () => {
    const { token } = await rig.credential.getToken(`${serverApplication}/.default`);
    const discovery = `/${tenant}/.well-known/openid-configuration`;
    const { issuer, jwks_uri } = (await rig.raw("GET", discovery, { token: null })).body;
    const [jwk] = (await rig.raw("GET", jwks_uri, { token: null })).body.keys;
    const [head = "", payload = "", signature = ""] = token.split(".");
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toMatchObject({
      alg: "RS256",
      kid: jwk.kid,
    });
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const signed = Buffer.from(`${head}.${payload}`);
    expect(verify("sha256", signed, key, Buffer.from(signature, "base64url"))).toBe(true);
    const claims = claimsOf(token);
    expect(claims).toMatchObject({ iss: issuer, aud: serverApplication, oid: principal, tid: tenant });
    expect(claims.exp - claims.iat).toBeLessThan(300);
  });

  test("aren't for Resource Manager, nor the other way round", async () => {
    await makeGroup(rig);
    const cluster = await rig.credential.getToken(`${serverApplication}/.default`);
    const path = sub(rig, `/resourceGroups?${versions.group}`);
    expect((await rig.raw("GET", path, { token: cluster.token })).status).toBe(401);
    const own = await rig.credential.getToken(`${rig.arm.endpoint}/.default`);
    expect(claimsOf(own.token).aud).toBe(rig.arm.endpoint);
  });

  test("a library that knows Entra's host finds all of it there, and of several scopes the first counts", async () => {
    const headers = { host: "login.microsoftonline.com" };
    const authorization_endpoint = `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize`;
    const query = new URLSearchParams({ "api-version": "1.1", authorization_endpoint });
    const { body } = await rig.raw("GET", `/common/discovery/instance?${query}`, { headers, token: null });
    expect(body.tenant_discovery_endpoint).toContain(`https://login.microsoftonline.com/${tenant}/`);
    const path = `/${tenant}/v2.0/.well-known/openid-configuration`;
    const { token_endpoint } = (await rig.raw("GET", path, { headers, token: null })).body;
    expect(token_endpoint).toBe(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`);
    const form = new URLSearchParams({
      ...{
        grant_type: "client_credentials",
        client_id: rig.arm.clientId,
        client_secret: rig.arm.clientSecret,
      },
      scope: `${serverApplication}/.default openid offline_access profile`,
    });
    const answer = await rig.raw("POST", new URL(token_endpoint).pathname, { body: `${form}`, token: null });
    expect(claimsOf(answer.body.access_token).aud).toBe(serverApplication);
  });
});

describe("what a user may do in a cluster", () => {
  const pods = { namespace: "chat", verb: "list", group: "", resource: "pods" };
  const review = async (resourceAttributes: object, groups: string[] = []) => {
    const spec = { user: principal, groups, resourceAttributes };
    const { body } = await rig.raw("POST", "/_rehearsal/access", { body: { spec }, token: null });
    return body.status;
  };
  const cluster = "Microsoft.ContainerService/managedClusters/demo";
  const withEntra = (profile: object = { enableAzureRBAC: true }) =>
    makeCluster(rig, "demo", clusterBody("eastus", { aadProfile: { managed: true, ...profile } }));
  const assign = (roleId: string, scope = cluster) =>
    rig.raw(
      "PUT",
      inGroup(
        rig,
        `${scope ? `${scope}/providers/` : ""}Microsoft.Authorization/roleAssignments/55555555-5555-4555-8555-555555555555?${versions.role}`,
      ),
      {
        body: {
          properties: {
            principalId: principal,
            principalType: "ServicePrincipal",
            roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
          },
        },
      },
    );
  const roles = {
    clusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    admin: "3498e952-d568-435e-9b2c-8d77e338d7f7",
    writer: "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
    reader: "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
    // Of Azure's side only: it lets nobody into Kubernetes.
    contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  };
  beforeEach(() => makeGroup(rig));

  test("nothing without a role, in the words of AKS", async () => {
    await withEntra();
    expect(await review(pods)).toEqual({
      allowed: false,
      reason: "User does not have access to the resource in Azure. Update role assignment to allow access.",
    });
  });

  test.each([
    { role: "clusterAdmin", may: ["pods", "secrets", "namespaces", "custom"], mayNot: [] },
    { role: "admin", may: ["pods", "secrets", "custom"], mayNot: ["namespaces"] },
    { role: "writer", may: ["pods", "secrets"], mayNot: ["namespaces", "custom"] },
    { role: "reader", may: [], mayNot: ["pods", "secrets", "namespaces", "custom"] },
    { role: "contributor", may: [], mayNot: ["pods", "secrets", "namespaces", "custom"] },
  ] as const)("$role may write $may and not $mayNot", async ({ role, may, mayNot }) => {
    await withEntra();
    await assign(roles[role]);
    const write = (resource: string) =>
      review({ ...pods, resource, verb: "create", group: resource === "custom" ? "kagent.dev" : "" });
    for (const resource of may) {
      expect(await write(resource), resource).toMatchObject({ allowed: true });
    }
    for (const resource of mayNot) {
      expect(await write(resource), resource).toMatchObject({ allowed: false });
    }
  });

  test("a reader reads, but no secrets", async () => {
    await withEntra();
    await assign(roles.reader);
    expect(await review(pods)).toMatchObject({ allowed: true });
    expect(await review({ ...pods, resource: "secrets" })).toMatchObject({ allowed: false });
  });

  test("a role of the resource group counts too", async () => {
    await withEntra();
    await assign(roles.clusterAdmin, "");
    expect(await review(pods)).toMatchObject({ allowed: true });
  });

  test("members of an administrators' group may everything, and roles count only with Azure RBAC", async () => {
    await withEntra({ enableAzureRBAC: false, adminGroupObjectIDs: [group] });
    await assign(roles.clusterAdmin);
    expect(await review(pods)).toEqual({ allowed: false });
    expect(await review(pods, [group])).toMatchObject({ allowed: true });
  });
});
