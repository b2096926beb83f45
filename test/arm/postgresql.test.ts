import { beforeEach, expect, onTestFinished, test } from "vitest";
import { inGroup, makeGroup, putInGroup, type Rig, startRig } from "./support.ts";

const version = "api-version=2025-08-01";
const servers = "Microsoft.DBforPostgreSQL/flexibleServers";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
  onTestFinished(() => rig.close());
  await makeGroup(rig);
});

const body = (properties: object = {}, tier = "GeneralPurpose") => ({
  location: "eastus",
  sku: { name: tier === "Burstable" ? "Standard_B1ms" : "Standard_D2ds_v5", tier },
  properties: {
    ...{ version: "17", administratorLogin: "chat", administratorLoginPassword: "Pw-abcdefgh1234" },
    ...{ storage: { storageSizeGB: 64 }, network: { publicNetworkAccess: "Disabled" } },
    ...properties,
  },
});
const put = (properties?: object, tier?: string) =>
  putInGroup(rig, `${servers}/psql`, version, body(properties, tier));

test("a server has a host, and shows no password", async () => {
  expect((await put()).status).toBe(201);
  const { properties } = (await rig.raw("GET", inGroup(rig, `${servers}/psql?${version}`))).body;
  expect(properties).toMatchObject({
    fullyQualifiedDomainName: "psql.postgres.database.azure.com",
    state: "Ready",
  });
  expect(JSON.stringify(properties)).not.toContain("Pw-");
});

test.each([
  {
    name: "no password",
    properties: { administratorLoginPassword: undefined },
    code: "InvalidParameterValue",
  },
  {
    name: "a simple one",
    properties: { administratorLoginPassword: "abcdefgh" },
    code: "PasswordNotComplex",
  },
  {
    name: "a reserved login",
    properties: { administratorLogin: "azure_superuser" },
    code: "InvalidAdministratorLogin",
  },
  { name: "too few days", properties: { backup: { backupRetentionDays: 5 } }, code: "InvalidParameter" },
  {
    name: "a standby of a burstable size",
    properties: { highAvailability: { mode: "ZoneRedundant" } },
    tier: "Burstable",
    code: "HighAvailabilityNotSupportedForBurstable",
  },
])("with $name: $code", async ({ properties, tier, code }) => {
  expect((await put(properties, tier)).body.error.code).toBe(code);
});

test.each([
  { name: "the login", properties: { administratorLogin: "other" }, code: "PropertyChangeNotAllowed" },
  {
    name: "copies in another region",
    properties: { backup: { geoRedundantBackup: "Enabled" } },
    code: "PropertyChangeNotAllowed",
  },
  {
    name: "less storage",
    properties: { storage: { storageSizeGB: 32 } },
    code: "StorageSizeCannotBeDecreased",
  },
  { name: "an older version", properties: { version: "16" }, code: "ServerVersionDowngradeNotSupported" },
])("later $name is refused: $code", async ({ properties, code }) => {
  await put();
  expect((await put(properties)).body.error.code).toBe(code);
});

test("later a standby, more storage and longer backups are fine", async () => {
  await put();
  const more = {
    ...{ highAvailability: { mode: "ZoneRedundant" }, storage: { storageSizeGB: 128 } },
    ...{ backup: { backupRetentionDays: 35 }, administratorLoginPassword: undefined },
  };
  expect((await put(more)).status).toBe(200);
});
