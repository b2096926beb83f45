import { beforeEach, expect, onTestFinished, test } from "vitest";
import { inGroup, makeGroup, putInGroup, type Rig, startRig, sub, versions } from "./support.ts";

const registry = "Microsoft.ContainerRegistry/registries/demoreg";
const other = "Microsoft.ContainerRegistry/registries/otherreg";
const lock = "Microsoft.Authorization/locks/keep";
const version = "api-version=2020-05-01";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  onTestFinished(() => rig.close());
  await makeGroup(rig);
  for (const one of [registry, other]) {
    await putInGroup(rig, one, versions.registry, { location: "eastus", sku: { name: "Basic" } });
  }
});

const remove = (path: string, asked: string) => rig.raw("DELETE", `${path}?${asked}`);
const put = (scope: string, level = "CanNotDelete") =>
  rig.raw("PUT", inGroup(rig, `${scope}/providers/${lock}?${version}`), { body: { properties: { level } } });

test("what is locked, and the group that it is in, can't be deleted; all else can, and it too without the lock", async () => {
  expect((await put(registry)).status).toBe(201);
  const refused = await remove(inGroup(rig, registry), versions.registry);
  expect(refused).toMatchObject({ status: 409, body: { error: { code: "ScopeLocked" } } });
  expect(refused.body.error.message).toContain(inGroup(rig, registry));
  const group = sub(rig, `/resourceGroups/${rig.group}`);
  expect((await remove(group, versions.group)).body.error.code).toBe("ScopeLocked");
  await rig.finish(await remove(inGroup(rig, other), versions.registry));
  expect((await remove(inGroup(rig, `${registry}/providers/${lock}`), version)).status).toBe(200);
  await rig.finish(await remove(inGroup(rig, registry), versions.registry));
});

test("a lock has one of two levels", async () => {
  expect((await put(registry, "Never")).status).toBe(400);
});
