import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { azureTokens } from "../../../components/acrTokenPassword/tokens.ts";
import { scenarioNamed } from "../../../rehearsal/arm/scenarios.ts";
import type { RequestRecord } from "../../../rehearsal/arm/server.ts";
import { inGroup, makeGroup, putInGroup, type Rig, startRig, versions } from "../../arm/support.ts";

const registry = "Microsoft.ContainerRegistry/registries/demoreg1";
const actions = ["repositories/models/phi/content/write"];
const expiry = new Date("2100-12-31T12:59:59Z");

let rig: Rig;
let env: Record<string, string>;
const seen: RequestRecord[] = [];
const originalCertificates = getCACertificates("default");

beforeAll(async () => {
  rig = await startRig({ onRequest: (record) => seen.push(record) });
  setDefaultCACertificates([...originalCertificates, rig.ca]);
  const { metadataHost, tenantId, clientId, clientSecret } = rig.arm;
  env = {
    ARM_METADATA_HOSTNAME: metadataHost,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
  };
});
afterAll(async () => {
  setDefaultCACertificates(originalCertificates);
  await rig.close();
});
beforeEach(async () => {
  await play("healthy");
  await makeGroup(rig);
  await putInGroup(rig, registry, versions.registry, { location: "eastus", sku: { name: "Basic" } });
  await putInGroup(rig, `${registry}/scopeMaps/push-phi`, versions.registry, { properties: { actions } });
  const scopeMapId = inGroup(rig, `${registry}/scopeMaps/push-phi`);
  await putInGroup(rig, `${registry}/tokens/push-phi`, versions.registry, { properties: { scopeMapId } });
  seen.length = 0;
});

const tokenId = () => inGroup(rig, `${registry}/tokens/push-phi`);
const play = (name: string) =>
  rig.raw("PUT", "/_rehearsal/scenario", { body: { ...scenarioNamed(name), name } });
const login = (password: string) =>
  rig.arm.registryLogin({ loginServer: "demoreg1.azurecr.io", username: "push-phi", password });

describe("azureTokens", () => {
  it.each(["healthy", "credentials-later"])(
    "makes a password that the registry takes, scenario %s",
    async (scenario) => {
      await play(scenario);
      const tokens = azureTokens(env);
      const one = await tokens.generate(tokenId(), "password1", expiry);
      const two = await tokens.generate(tokenId(), "password2", expiry);
      expect([login(one.value), login(two.value)]).toEqual([
        { tokenName: "push-phi", actions },
        { tokenName: "push-phi", actions },
      ]);
      expect(await tokens.find(tokenId())).toEqual({
        enabled: true,
        passwords: [
          { name: "password1", createdAt: one.createdAt },
          { name: "password2", createdAt: two.createdAt },
        ],
      });
      const { body } = await rig.raw("GET", `${tokenId()}?${versions.registry}`);
      expect(body.properties.credentials.passwords[0].expiry).toBe("2100-12-31T12:59:59+00:00");
    },
  );

  it("finds nothing where token, registry or group are gone, and sees that a token is disabled", async () => {
    const tokens = azureTokens(env);
    const gone = [
      `${tokenId()}-gone`,
      tokenId().replace("demoreg1", "demoreg2"),
      tokenId().replace("/rg/", "/no/"),
    ];
    expect(await Promise.all(gone.map((id) => tokens.find(id)))).toEqual([undefined, undefined, undefined]);
    const body = { properties: { status: "disabled" } };
    await rig.finish(await rig.raw("PATCH", `${tokenId()}?${versions.registry}`, { body }));
    expect(await tokens.find(tokenId())).toMatchObject({ enabled: false });
  });

  it("waits while something else changes the token, but not for ever", async () => {
    await play("token-not-active");
    const tokens = azureTokens(env, 1);
    expect(login((await tokens.generate(tokenId(), "password1", expiry)).value)).toBeDefined();
    const effect = {
      kind: "error",
      status: 409,
      code: "TokenNotActive",
      message: "The token is not active.",
    };
    const rules = [{ on: { action: "generateCredentials" }, times: 0, effect }];
    await rig.raw("PUT", "/_rehearsal/scenario", { body: { name: "own", rules } });
    seen.length = 0;
    await expect(tokens.generate(tokenId(), "password1", expiry)).rejects.toThrow(
      /^Azure refused to make a password for the token push-phi .*; something else is changing the token/,
    );
    expect(seen.filter(({ path }) => path.endsWith("/generateCredentials"))).toHaveLength(8);
  });

  it("says which rights are missing, and asks once only", async () => {
    await play("credentials-forbidden");
    await expect(azureTokens(env, 1).generate(tokenId(), "password1", expiry)).rejects.toThrow(
      /^Azure does not let this identity make a password for .*AuthorizationFailed.*; give it the role Contributor/,
    );
    expect(seen.filter(({ path }) => path.endsWith("/generateCredentials"))).toHaveLength(1);
  });

  it("says that the token is gone, or that nobody signed in", async () => {
    await expect(azureTokens(env).generate(`${tokenId()}-gone`, "password1", expiry)).rejects.toThrow(
      /^there is no token push-phi-gone in the registry demoreg1 of the resource group rg \(ResourceNotFound/,
    );
    const wrong = azureTokens({ ...env, ARM_CLIENT_SECRET: "wrong" });
    await expect(wrong.find(tokenId())).rejects.toThrow(/could not read .*: could not sign in to Azure/);
  });
});
