import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import { describe, expect, it } from "vitest";
import { AzurePostgreSql, type AzurePostgreSqlArgs } from "../../../components/azurePostgreSql.ts";
import { azure } from "../../support/azure.ts";
import { needs, resolved, runWithMocks } from "../../support/mocks.ts";

const SERVER = "azure-native:dbforpostgresql:Server";
const DATABASE = "azure-native:dbforpostgresql:Database";
const ENDPOINT = "azure-native:network:PrivateEndpoint";

const run = (args: Partial<AzurePostgreSqlArgs> = {}, options: { preview?: boolean; stack?: string } = {}) =>
  runWithMocks(
    () =>
      new AzurePostgreSql("chat-postgresql", {
        resourceGroupName: "rg",
        location: "eastus",
        database: "chat",
        privateEndpoint: { subnetId: "/subnet", networkId: "/network" },
        ...args,
      }),
    azure,
    options,
  );

describe.each([{ preview: false }, { preview: true }])(
  "AzurePostgreSql, preview: $preview",
  ({ preview }) => {
    it("has no public address, a standby in another zone, and backups", async () => {
      const { find } = await run({}, { preview });
      expect(find(SERVER).inputs).toMatchObject({
        serverName: expect.stringMatching(/^psql-chat-postgresql-[a-z0-9]{10}$/),
        version: "18",
        sku: { name: "Standard_D2ds_v5", tier: "GeneralPurpose" },
        storage: { storageSizeGB: 32, autoGrow: "Enabled" },
        highAvailability: { mode: "ZoneRedundant" },
        backup: { backupRetentionDays: 14, geoRedundantBackup: "Disabled" },
        network: { publicNetworkAccess: "Disabled" },
        authConfig: { passwordAuth: "Enabled", activeDirectoryAuth: "Disabled" },
        maintenanceWindow: { customWindow: "Enabled", dayOfWeek: 0, startHour: 2, startMinute: 0 },
      });
    });

    it("can be protected, server and database", async () => {
      const { find } = await run({ protect: true }, { preview });
      expect([find(SERVER).protect, find(DATABASE).protect]).toEqual([true, true]);
      const open = await run({}, { preview });
      expect([open.find(SERVER).protect, open.find(DATABASE).protect]).toEqual([false, false]);
    });
  },
);

describe("AzurePostgreSql", () => {
  it("hands out how to connect when the way to it is there, with the server's certificate checked", async () => {
    const { result, find, resources } = await run();
    const { serverName, administratorLoginPassword: password } = find(SERVER).inputs;
    expect(await resolved(result.url)).toBe(
      `postgresql://chat:${password}@${serverName}.postgres.database.azure.com:5432/chat` +
        "?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt",
    );
    expect(new URL(await resolved(result.url)).password).toBe(password);
    expect(needs(resources, find(ENDPOINT), find(SERVER))).toBe(true);
  });

  it("is used by nobody before the database is there and the server's name leads to it", async () => {
    const { find, resources } = await runWithMocks(() => {
      const server = new AzurePostgreSql("chat-postgresql", {
        resourceGroupName: "rg",
        location: "eastus",
        privateEndpoint: { subnetId: "/subnet", networkId: "/network" },
      });
      new ResourceGroup("user", { tags: { url: server.url } });
    }, azure);
    const user = find("azure-native:resources:ResourceGroup", "user");
    for (const type of [DATABASE, "azure-native:network:PrivateDnsZoneGroup"]) {
      expect([type, needs(resources, user, find(type))]).toEqual([type, true]);
    }
  });

  it("is asked for one change at a time, because it refuses a second one meanwhile", async () => {
    const { find, resources } = await run();
    expect(needs(resources, find(ENDPOINT), find(DATABASE))).toBe(true);
  });

  it("has a password of the kinds of characters that Azure asks for", async () => {
    const { find } = await run();
    expect(find(SERVER).secretInputs).toEqual(["administratorLoginPassword"]);
    const password: string = find(SERVER).inputs.administratorLoginPassword;
    expect([/[A-Z]/, /[a-z]/, /\d/].map((kind) => kind.test(password))).toEqual([true, true, true]);
    expect(password.length).toBeLessThanOrEqual(128);
  });

  it("keeps its name whatever else is changed, and has another one in another stack", async () => {
    const name = async (args: Partial<AzurePostgreSqlArgs>, stack?: string) =>
      (await run(args, { stack })).find(SERVER).inputs.serverName;
    const first = await name({});
    expect(await name({ size: "Standard_E8ds_v5", storageGiB: 512, highAvailability: "Disabled" })).toBe(
      first,
    );
    expect(await name({}, "prod")).not.toBe(first);
    expect(await name({ serverName: "psql-mine" })).toBe("psql-mine");
  });

  it.each([
    [{ size: "Standard_B1ms" }, "highAvailability: ZoneRedundant is not allowed with the burstable size"],
    [{ size: "GP_Standard_D2ds_v5" }, "size: "],
    [{ storageGiB: 16 }, "storageGiB: 16 is not allowed; it must be a whole number from 32 to 32767"],
    [{ backupRetentionDays: 36 }, "backupRetentionDays: 36"],
    [{ serverName: "PSQL" }, "serverName: "],
    [{ database: "postgres" }, "database: "],
    [{ maintenance: { dayOfWeek: "Monday", startHour: 24 } }, "maintenance.startHour: 24"],
  ] as [Partial<AzurePostgreSqlArgs>, string][])("refuses %j", async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });

  it.each([
    ["Standard_B2s", "Burstable"],
    ["Standard_D4s_v3", "GeneralPurpose"],
    ["Standard_E4ds_v5", "MemoryOptimized"],
  ])("knows what %s is for", async (size, tier) => {
    const { find } = await run({ size, highAvailability: "Disabled" });
    expect(find(SERVER).inputs.sku).toEqual({ name: size, tier });
  });
});
