import { refusal } from "../errors.ts";
import type { Properties } from "../store.ts";
import { pick } from "./clusterDefaults.ts";
import { connectionsTo } from "./privateLinks.ts";
import { type TypeRow, type Write, withDefaults } from "./row.ts";
import { endpointType } from "./virtualNetworks.ts";

/** ARM type of servers. */
const serverType = "Microsoft.DBforPostgreSQL/flexibleServers";
const apiVersions = ["2024-08-01", "2025-08-01"];
/** Azure's names that nobody may use. Source: the reference of administratorLogin in the REST specification. */
const reservedLogins = new Set([
  "azure_superuser",
  "azure_pg_admin",
  "admin",
  "administrator",
  "root",
  "guest",
  "public",
]);

/** Azure Database for PostgreSQL: servers and databases as objects, behind which no PostgreSQL runs. */
export const postgresqlTypes: TypeRow[] = [
  {
    type: serverType,
    scope: "group",
    apiVersions,
    name: /^[a-z0-9][-a-z0-9]{1,61}[a-z0-9]$/,
    located: true,
    async: true,
    stateful: false,
    rules: [
      { path: "sku.name", required: true },
      { path: "sku.tier", required: true, oneOf: ["Burstable", "GeneralPurpose", "MemoryOptimized"] },
      { path: "properties.version", oneOf: ["11", "12", "13", "14", "15", "16", "17", "18"] },
      { path: "properties.backup.backupRetentionDays", min: 7, max: 35 },
      { path: "properties.backup.geoRedundantBackup", oneOf: ["Enabled", "Disabled"] },
      { path: "properties.highAvailability.mode", oneOf: ["Disabled", "ZoneRedundant", "SameZone"] },
      { path: "properties.storage.storageSizeGB", min: 32, max: 65_536 },
      { path: "properties.maintenanceWindow.dayOfWeek", min: 0, max: 6 },
      { path: "properties.maintenanceWindow.startHour", min: 0, max: 23 },
    ],
    immutable: [
      "properties.administratorLogin",
      "properties.backup.geoRedundantBackup",
      "properties.network.delegatedSubnetResourceId",
    ],
    complete: completeServer,
    view: (world, { id, body }) => ({
      ...body,
      properties: {
        ...body.properties,
        privateEndpointConnections: connectionsTo(id, world.store.ofType(endpointType)),
      },
    }),
  },
  {
    type: `${serverType}/databases`,
    scope: "group",
    apiVersions,
    name: /^[a-zA-Z_][-_a-zA-Z0-9]{0,62}$/,
    async: true,
    stateful: false,
    immutable: ["properties.charset", "properties.collation"],
    complete({ body }) {
      body.properties = withDefaults(body.properties, { charset: "UTF8", collation: "en_US.utf8" });
    },
  },
];

function completeServer({ world, path, body, existing }: Write): void {
  const name = path.names[0] ?? "";
  const asked = body.properties;
  const before = existing?.body.properties;
  if (!existing && world.store.ofType(serverType).some((other) => other.name === name)) {
    throw refusal(409, "ServerNameAlreadyExists", `Specified server name ${name} is already used.`);
  }
  checkLogin(asked, before);
  checkStandby(body);
  const size = Number(pick(asked, "storage", "storageSizeGB") ?? 32);
  const was = Number(pick(before, "storage", "storageSizeGB") ?? 0);
  if (size < was) {
    throw refusal(
      400,
      "StorageSizeCannotBeDecreased",
      `The storage of a server can't shrink: it has ${was} GiB, and ${size} were asked for.`,
      "storage.storageSizeGB",
    );
  }
  if (Number(asked["version"] ?? before?.["version"]) < Number(before?.["version"] ?? 0)) {
    throw refusal(400, "ServerVersionDowngradeNotSupported", "A server's version can only go up.", "version");
  }
  // Azure keeps it and never shows it.
  const { administratorLoginPassword: _, ...shown } = asked;
  const delegated = pick(asked, "network", "delegatedSubnetResourceId");
  body.properties = {
    ...withDefaults(shown, {
      version: before?.["version"] ?? "17",
      availabilityZone: before?.["availabilityZone"] ?? "1",
      storage: { storageSizeGB: size, autoGrow: "Disabled", type: "", tier: "P4", iops: 120 },
      backup: { backupRetentionDays: 7, geoRedundantBackup: "Disabled" },
      network: { publicNetworkAccess: delegated ? "Disabled" : "Enabled" },
      highAvailability: { mode: "Disabled", state: "NotEnabled" },
      authConfig: { passwordAuth: "Enabled", activeDirectoryAuth: "Disabled" },
      maintenanceWindow: { customWindow: "Disabled", dayOfWeek: 0, startHour: 0, startMinute: 0 },
      replicationRole: "Primary",
    }),
    fullyQualifiedDomainName: `${name}.postgres.database.azure.com`,
    state: "Ready",
    minorVersion: "1",
  };
}

function checkLogin(asked: Properties, before: Properties | undefined): void {
  const login = asked["administratorLogin"];
  const byPassword = pick(asked, "authConfig", "passwordAuth") !== "Disabled";
  const password = String(asked["administratorLoginPassword"] ?? "");
  if (typeof login === "string" && (reservedLogins.has(login.toLowerCase()) || /^pg_/i.test(login))) {
    throw refusal(
      400,
      "InvalidAdministratorLogin",
      `The login '${login}' is reserved.`,
      "administratorLogin",
    );
  }
  if (!before && byPassword && !(login && password)) {
    throw refusal(
      400,
      "InvalidParameterValue",
      "A server with sign-in by password needs administratorLogin and administratorLoginPassword.",
      "administratorLoginPassword",
    );
  }
  // Source: "Create a server" of https://learn.microsoft.com/azure/postgresql/flexible-server/quickstart-create-server
  const kinds = [/[A-Z]/, /[a-z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  if (password && (password.length < 8 || password.length > 128 || kinds < 3)) {
    throw refusal(
      400,
      "PasswordNotComplex",
      "Password complexity validation failed. The password must contain between 8 and 128 characters, and characters from three of: uppercase letters, lowercase letters, numbers (0-9) and non-alphanumeric characters.",
      "administratorLoginPassword",
    );
  }
}

function checkStandby(body: Record<string, unknown>): void {
  const mode = pick(body, "properties", "highAvailability", "mode") ?? "Disabled";
  if (mode !== "Disabled" && pick(body, "sku", "tier") === "Burstable") {
    throw refusal(
      400,
      "HighAvailabilityNotSupportedForBurstable",
      "High availability needs a General Purpose or Memory Optimized size.",
      "highAvailability.mode",
    );
  }
}
