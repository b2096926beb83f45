import { ClientSecretCredential } from "@azure/identity";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeGroup, type Rig, startRig, sub } from "./support.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  await makeGroup(rig);
});
afterAll(() => rig.close());

describe("authentication", () => {
  test("a wrong secret is refused as Entra refuses it", async () => {
    const { arm, ca } = rig;
    const wrong = new ClientSecretCredential(arm.tenantId, arm.clientId, "wrong", {
      authorityHost: arm.endpoint,
      disableInstanceDiscovery: true,
      tlsOptions: { ca },
    });
    await expect(wrong.getToken(`${arm.endpoint}/.default`)).rejects.toThrow(/AADSTS7000215/);
  });

  test.each([
    { name: "no token", token: null, code: "AuthenticationFailed" },
    { name: "a made-up token", token: "a.b.c", code: "InvalidAuthenticationToken" },
  ])("$name: 401 with a challenge", async ({ token, code }) => {
    const answer = await rig.raw("GET", sub(rig, "/resourceGroups?api-version=2024-03-01"), { token });
    expect(answer.status).toBe(401);
    expect(answer.body.error.code).toBe(code);
    expect(answer.headers["www-authenticate"]).toContain(rig.arm.endpoint);
  });

  test("a token for another audience is refused", async () => {
    const { token } = await rig.credential.getToken("https://graph.example/.default");
    const answer = await rig.raw("GET", sub(rig, "?api-version=2022-12-01"), { token });
    expect(answer.body.error.code).toBe("InvalidAuthenticationTokenAudience");
  });

  test("metadata names this server for ARM and for tokens", async () => {
    const { body } = await rig.raw("GET", "/metadata/endpoints?api-version=2022-09-01", { token: null });
    expect(body).toMatchObject({
      name: "AzureCloud",
      resourceManager: rig.arm.endpoint,
      authentication: { loginEndpoint: rig.arm.endpoint, audiences: [rig.arm.endpoint] },
    });
  });
});
