import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inGroup, makeGroup, putInGroup, type Rig, startRig, sub, versions } from "./support.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  await makeGroup(rig);
});
afterEach(() => rig.close());

const registries = "Microsoft.ContainerRegistry/registries";

const put = (type: string, version: string, body: unknown) => putInGroup(rig, type, version, body);
const registry = (name: string, body: object = {}) =>
  put(`${registries}/${name}`, versions.registry, { location: "eastus", sku: { name: "Standard" }, ...body });
const post = (type: string, version: string, body: unknown = {}) =>
  rig.raw("POST", inGroup(rig, `${type}?${version}`), { body });

describe("a registry", () => {
  test.each([
    { name: "no SKU", at: "demoreg1", body: { sku: undefined }, status: 400, code: "InvalidParameter" },
    {
      name: "an unknown SKU",
      at: "demoreg1",
      body: { sku: { name: "Gold" } },
      status: 400,
      code: "InvalidParameter",
    },
    { name: "a short name", at: "abc", body: {}, status: 400, code: "InvalidResourceName" },
    { name: "a dash in its name", at: "demo-reg", body: {}, status: 400, code: "InvalidResourceName" },
    {
      name: "no location",
      at: "demoreg1",
      body: { location: undefined },
      status: 400,
      code: "LocationRequired",
    },
    { name: "someone else's name", at: "Contoso", body: {}, status: 409, code: "AlreadyInUse" },
  ])("with $name: $status $code, in the envelope", async ({ at, body, status, code }) => {
    expect(await registry(at, body)).toMatchObject({ status, body: { error: { code } } });
  });

  test("its name is taken in every group, and the check says so first", async () => {
    const check = async () =>
      (
        await rig.raw(
          "POST",
          sub(rig, `/providers/Microsoft.ContainerRegistry/checkNameAvailability?${versions.registry}`),
          {
            body: { name: "DemoReg1", type: registries },
          },
        )
      ).body.nameAvailable;
    expect(await check()).toBe(true);
    await registry("demoreg1");
    expect(await check()).toBe(false);
    await rig.raw("PUT", sub(rig, `/resourceGroups/two?${versions.group}`), { body: { location: "eastus" } });
    const path = sub(rig, `/resourceGroups/two/providers/${registries}/demoreg1?${versions.registry}`);
    const answer = await rig.raw("PUT", path, { body: { location: "eastus", sku: { name: "Basic" } } });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: "AlreadyInUse" } } });
    expect((await registry("demoreg1")).status).toBe(200);
  });

  test("can't move", async () => {
    await registry("demoreg1");
    expect(await registry("demoreg1", { location: "westus3" })).toMatchObject({
      status: 409,
      body: { error: { code: "InvalidResourceLocation" } },
    });
  });

  test("shows admin credentials only while the admin user is on", async () => {
    await registry("demoreg1");
    const list = () => post(`${registries}/demoreg1/listCredentials`, versions.registry);
    expect((await list()).body.error.code).toBe("UnAuthorizedForCredentialOperations");
    await registry("demoreg1", { properties: { adminUserEnabled: true } });
    expect((await list()).body).toMatchObject({
      username: "demoreg1",
      passwords: [{ name: "password" }, {}],
    });
    expect((await list()).body).toEqual((await list()).body);
  });

  test("a token needs a scope map, and its passwords are shown once", async () => {
    await registry("demoreg1");
    const at = `${registries}/demoreg1`;
    const map = inGroup(rig, `${at}/scopeMaps/push-echo`);
    const token = () => put(`${at}/tokens/push-echo`, versions.registry, { properties: { scopeMapId: map } });
    expect((await token()).body.error.code).toBe("ScopeMapNotFound");
    const wrong = await put(`${at}/scopeMaps/push-echo`, versions.registry, {
      properties: { actions: ["everything"] },
    });
    expect(wrong.body.error.target).toBe("properties.actions[0]");
    await put(`${at}/scopeMaps/push-echo`, versions.registry, {
      properties: { actions: ["repositories/echo/content/write", "repositories/echo/content/read"] },
    });
    expect((await token()).status).toBe(201);
    const tokenId = inGroup(rig, `${at}/tokens/push-echo`);
    const { body } = await post(`${at}/generateCredentials`, versions.registry, {
      tokenId,
      name: "password1",
    });
    expect(body).toMatchObject({
      username: "push-echo",
      passwords: [{ name: "password1", value: expect.any(String) }],
    });
    const shown = JSON.stringify((await rig.raw("GET", `${tokenId}?${versions.registry}`)).body);
    expect(shown).toContain("password1");
    expect(shown).not.toContain(body.passwords[0].value);
  });

  test("the built-in scope maps are there from the start", async () => {
    await registry("demoreg1");
    const { body } = await rig.raw(
      "GET",
      inGroup(rig, `${registries}/demoreg1/scopeMaps?${versions.registry}`),
    );
    expect(body.value.map((map: { name: string }) => map.name)).toContain("_repositories_pull");
  });
});
