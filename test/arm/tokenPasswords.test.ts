import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { scenarioNamed } from "../../rehearsal/arm/scenarios.ts";
import { type Answer, inGroup, makeGroup, putInGroup, type Rig, startRig, versions } from "./support.ts";

const registry = "Microsoft.ContainerRegistry/registries/demoreg1";
const actions = ["repositories/models/phi/content/write", "repositories/models/phi/content/read"];
const expiry = "2100-12-31T12:59:59.000Z";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  await makeGroup(rig);
  const body = { location: "eastus", sku: { name: "Basic" } };
  await putInGroup(rig, registry, versions.registry, body);
  await putInGroup(rig, `${registry}/scopeMaps/push-phi`, versions.registry, { properties: { actions } });
  await putToken();
});
afterEach(() => rig.close());

const tokenId = () => inGroup(rig, `${registry}/tokens/push-phi`);
const putToken = (properties: object = {}) =>
  putInGroup(rig, `${registry}/tokens/push-phi`, versions.registry, {
    properties: { scopeMapId: inGroup(rig, `${registry}/scopeMaps/push-phi`), ...properties },
  });
const patchToken = async (properties: object) => {
  const answer = await rig.raw("PATCH", `${tokenId()}?${versions.registry}`, { body: { properties } });
  return answer.status < 300 ? rig.finish(answer) : answer.body;
};
const generate = (body: object = {}): Promise<Answer> =>
  rig.raw("POST", inGroup(rig, `${registry}/generateCredentials?${versions.registry}`), {
    body: { tokenId: tokenId(), ...body },
  });
const shown = async (): Promise<{ name: string; creationTime: string }[]> =>
  (await rig.raw("GET", `${tokenId()}?${versions.registry}`)).body.properties.credentials.passwords;
const names = async () => (await shown()).map(({ name }) => name);
const play = (name: string) =>
  rig.raw("PUT", "/_rehearsal/scenario", { body: { ...scenarioNamed(name), name } });
const client = () =>
  new ContainerRegistryManagementClient(rig.credential, rig.arm.subscriptionId, rig.client);

describe("generated passwords", () => {
  test("without a name both are made, in the form of Azure's recorded answers", async () => {
    const { status, body } = await generate({ expiry });
    expect(status).toBe(200);
    expect(body).toEqual({
      username: "push-phi",
      passwords: ["password1", "password2"].map((name) => ({
        creationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00$/),
        expiry: "2100-12-31T12:59:59+00:00",
        name,
        value: expect.stringMatching(/^[\w-]{52}$/),
      })),
    });
    expect(body.passwords[0].value).not.toBe(body.passwords[1].value);
  });

  test("with a name only that one is made; the other is listed without its value, and stays", async () => {
    const first = (await generate({ name: "password1" })).body.passwords;
    expect(first).toMatchObject([{ name: "password1", value: expect.any(String) }]);
    const { body } = await generate({ name: "password2", expiry });
    expect(body.passwords).toEqual([
      { name: "password1", creationTime: first[0].creationTime },
      expect.objectContaining({ name: "password2", value: expect.any(String) }),
    ]);
    const again = (await generate({ name: "password1" })).body.passwords;
    expect(again[0].value).not.toBe(first[0].value);
    expect(again[1]).toEqual({ ...body.passwords[1], value: undefined });
  });

  test("the token shows them, never with a value", async () => {
    const { body } = await generate({ expiry });
    const asShown = body.passwords.map(({ value, ...rest }: { value: string }) => rest);
    expect(await shown()).toEqual(asShown);
    const everything = JSON.stringify([
      (await rig.raw("GET", inGroup(rig, `${registry}/tokens?${versions.registry}`))).body,
      (await rig.raw("GET", "/_rehearsal/inventory")).body,
    ]);
    for (const { value } of body.passwords) {
      expect(everything).not.toContain(value);
    }
  });

  test.each([
    { name: "no token", body: { tokenId: undefined }, status: 404, code: "ResourceNotFound" },
    {
      name: "an unknown token",
      body: { tokenId: "/x/tokens/nobody" },
      status: 404,
      code: "ResourceNotFound",
    },
    { name: "a third password", body: { name: "password3" }, status: 400, code: "InvalidParameter" },
    { name: "an expiry in words", body: { expiry: "tomorrow" }, status: 400, code: "InvalidParameter" },
    { name: "a date that isn't ISO", body: { expiry: "1 Jan 2101" }, status: 400, code: "InvalidParameter" },
    {
      name: "an expiry that was",
      body: { expiry: "2020-01-01T00:00:00Z" },
      status: 400,
      code: "InvalidParameter",
    },
  ])("$name: $status $code", async ({ body, status, code }) => {
    expect(await generate(body)).toMatchObject({ status, body: { error: { code } } });
    expect(await shown()).toEqual([]);
  });

  test("a token of another registry is not found", async () => {
    const other = "Microsoft.ContainerRegistry/registries/demoreg2";
    await putInGroup(rig, other, versions.registry, { location: "eastus", sku: { name: "Basic" } });
    const answer = await rig.raw("POST", inGroup(rig, `${other}/generateCredentials?${versions.registry}`), {
      body: { tokenId: tokenId() },
    });
    expect(answer).toMatchObject({
      status: 404,
      body: { error: { message: "The resource push-phi could not be found." } },
    });
  });
});

describe("writes of a token", () => {
  beforeEach(async () => {
    await generate();
  });

  test("a PATCH leaves the passwords alone unless it lists them", async () => {
    const before = await shown();
    await patchToken({ status: "disabled" });
    expect(await shown()).toEqual(before);
    await patchToken({ credentials: { passwords: [{ name: "password2" }] } });
    expect(await shown()).toEqual([before[1]]);
    await patchToken({ credentials: { passwords: [] } });
    expect(await shown()).toEqual([]);
  });

  test("a PUT that says nothing of credentials wipes them, one that lists them doesn't", async () => {
    const before = await shown();
    await putToken({ status: "disabled", credentials: { passwords: before } });
    expect(await shown()).toEqual(before);
    await putToken();
    expect(await names()).toEqual([]);
  });

  test("none can be added", async () => {
    await patchToken({ credentials: { passwords: [] } });
    const answer = await patchToken({ credentials: { passwords: [{ name: "password1" }] } });
    expect(answer).toMatchObject({ error: { target: "properties.credentials.passwords" } });
    expect(await names()).toEqual([]);
  });
});

describe("a login to the registry", () => {
  const login = (password: string, more: object = {}) =>
    rig.arm.registryLogin({ loginServer: "demoreg1.azurecr.io", username: "push-phi", password, ...more });
  const made = async (name: string): Promise<string> => {
    const { passwords } = (await generate({ name, expiry })).body;
    return passwords.find((one: { name: string }) => one.name === name).value;
  };

  test("either password opens it, for what the scope map allows", async () => {
    const [one, two] = [await made("password1"), await made("password2")];
    expect(login(one)).toEqual({ tokenName: "push-phi", actions });
    expect(login(two)).toEqual({ tokenName: "push-phi", actions });
  });

  test("not with a wrong password, name or registry, and not with an expired password", async () => {
    const one = await made("password1");
    expect(login(`${one}x`)).toBeUndefined();
    expect(login("")).toBeUndefined();
    expect(login(one, { username: "push-it" })).toBeUndefined();
    expect(login(one, { loginServer: "demoreg2.azurecr.io" })).toBeUndefined();
    expect(login(one, { at: new Date(expiry) })).toBeUndefined();
    expect(login(one, { at: new Date(Date.parse(expiry) - 1) })).toBeDefined();
  });

  test("not with the one from before, and not when it or the token is taken away", async () => {
    const old = await made("password1");
    const one = await made("password1");
    expect([login(old), login(one)]).toEqual([undefined, expect.anything()]);
    await patchToken({ status: "disabled" });
    expect(login(one)).toBeUndefined();
    await patchToken({ status: "enabled" });
    expect(login(one)).toBeDefined();
    await patchToken({ credentials: { passwords: [] } });
    expect(login(one)).toBeUndefined();
    const two = await made("password2");
    await rig.finish(await rig.raw("DELETE", `${tokenId()}?${versions.registry}`));
    expect(login(two)).toBeUndefined();
  });
});

describe("the official client", () => {
  const parameters = () => ({ tokenId: tokenId(), name: "password1", expiry: new Date(expiry) });
  const run = () => client().registries.generateCredentials("rg", "demoreg1", parameters());

  test.each(["healthy", "credentials-later"])("gets passwords when the scenario is %s", async (scenario) => {
    await play(scenario);
    expect(await run()).toMatchObject({
      username: "push-phi",
      passwords: [{ name: "password1", expiry: new Date(expiry), value: expect.any(String) }],
    });
    expect(await client().tokens.get("rg", "demoreg1", "push-phi")).toMatchObject({
      credentials: { passwords: [{ name: "password1", value: undefined }] },
    });
  });

  test("refusals come at once even when it takes long, and an operation can fail", async () => {
    await play("credentials-later");
    expect((await generate({ name: "password3" })).status).toBe(400);
    await rig.raw("PUT", "/_rehearsal/scenario", {
      body: {
        name: "own",
        rules: [
          {
            on: { action: "generatecredentials" },
            effect: { kind: "fail-operation", code: "InternalServerError", message: "no luck" },
          },
        ],
      },
    });
    await expect(run()).rejects.toMatchObject({ code: "InternalServerError", message: "no luck" });
    expect(await names()).toEqual([]);
  });

  test("credentials-forbidden: 403 in ARM's words, for this action alone", async () => {
    await play("credentials-forbidden");
    await expect(run()).rejects.toMatchObject({
      statusCode: 403,
      code: "AuthorizationFailed",
      message: expect.stringMatching(
        /does not have authorization to perform action 'Microsoft\.ContainerRegistry\/registries\/generateCredentials\/action' over scope '\/subscriptions\/0{8}-.*\/resourceGroups\/rg\/.*\/demoreg1'/,
      ),
    });
    const list = await rig.raw("POST", inGroup(rig, `${registry}/listCredentials?${versions.registry}`));
    expect(list.status).toBe(400);
  });

  test("token-not-active: twice, then it works", async () => {
    await play("token-not-active");
    const statuses = [(await generate()).status, (await generate()).status, (await generate()).status];
    expect(statuses).toEqual([409, 409, 200]);
  });
});

describe("while an operation is under way", () => {
  /** Operations that go on until the test is over, with status answers at once. */
  async function startEndless(): Promise<void> {
    await rig.close();
    rig = await startRig({ delays: { operationMs: 600_000, holdMs: 0 } });
    await makeGroup(rig);
    const put = (type: string, body: unknown) =>
      rig.raw("PUT", inGroup(rig, `${type}?${versions.registry}`), { body });
    await put(registry, { location: "eastus", sku: { name: "Basic" } });
    await put(`${registry}/scopeMaps/push-phi`, { properties: { actions } });
    const scopeMapId = inGroup(rig, `${registry}/scopeMaps/push-phi`);
    await put(`${registry}/tokens/push-phi`, { properties: { scopeMapId } });
  }

  test("a token that isn't ready gets no passwords", async () => {
    await startEndless();
    expect(await generate()).toMatchObject({ status: 409, body: { error: { code: "TokenNotActive" } } });
  });

  test("what takes long is answered with a Location alone, which says 202 until the result is there", async () => {
    await play("credentials-later");
    const { status, headers, body } = await generate();
    expect([status, body, headers["azure-asyncoperation"]]).toEqual([202, undefined, undefined]);
    let end: Answer;
    do {
      end = await rig.raw("GET", String(headers["location"]));
    } while (end.status === 202);
    expect(end).toMatchObject({ status: 200, body: { passwords: [{ value: expect.any(String) }, {}] } });
  });
});
