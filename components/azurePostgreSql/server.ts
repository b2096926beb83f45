import type { ServerArgs } from "@pulumi/azure-native/dbforpostgresql/server.js";
import * as pulumi from "@pulumi/pulumi";
import { shortHash } from "../names.ts";
import { ensure, InputPropertyError, matches, validatedInput, wholeNumber } from "../validation.ts";

/** What shapes a server. */
export interface ServerShape {
  /** Major version of PostgreSQL. A newer one is an upgrade in place, without a way back. @default "18" */
  version?: "16" | "17" | "18";
  /**
   * Compute size: one that begins with Standard_B is burstable, with Standard_D for general purposes, with Standard_E
   * has more memory. Another one is a restart.
   * Source: https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-compute
   * @default "Standard_D2ds_v5"
   */
  size?: string;
  /** Storage in GiB, 32 to 32767: it grows by itself and never shrinks, so raise this to what it has grown to. @default 32 */
  storageGiB?: number;
  /**
   * A standby that takes over: in another zone, in the same one, or none. Burstable sizes can't have one. It can be
   * switched on and off at any time.
   * @default "ZoneRedundant"
   */
  highAvailability?: "ZoneRedundant" | "SameZone" | "Disabled";
  /** Days of which every moment can be restored, 7 to 35. @default 14 */
  backupRetentionDays?: number;
  /** A copy of the backups in the paired region. It can't be changed later: another value replaces the server. @default false */
  geoRedundantBackup?: boolean;
  /** When Azure may restart it for updates: a day of the week and an hour in UTC, 0 to 23. @default Sunday, 2 */
  maintenance?: { dayOfWeek: (typeof DAYS)[number]; startHour: number };
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

/** Azure's names of what sizes are for. */
const TIERS: Record<string, string> = { B: "Burstable", D: "GeneralPurpose", E: "MemoryOptimized" };

/** A compute size. */
export const SERVER_SIZE = {
  pattern: /^Standard_[BDE]\d+[a-z]*(_v\d+)?$/,
  words: "a size of Azure Database for PostgreSQL that begins with Standard_B, Standard_D or Standard_E",
  example: "Standard_D2ds_v5",
};

/** Whether a size can have a standby. */
export const canStandBy = (size: string): boolean => !size.startsWith("Standard_B");

/** The server's arguments: a pure function, so that every option can be tested as a row of a table. */
export function serverArgs(shape: ServerShape): Omit<ServerArgs, "resourceGroupName"> {
  const size = ensure("size", shape.size ?? "Standard_D2ds_v5", matches(SERVER_SIZE));
  const mode = shape.highAvailability ?? "ZoneRedundant";
  if (mode !== "Disabled" && !canStandBy(size)) {
    throw new InputPropertyError(
      "highAvailability",
      `${mode} is not allowed with the burstable size ${size}; it must be "Disabled", or the size another one`,
    );
  }
  const { dayOfWeek, startHour } = shape.maintenance ?? { dayOfWeek: "Sunday", startHour: 2 };
  return {
    version: shape.version ?? "18",
    sku: { name: size, tier: TIERS[size.charAt("Standard_".length)] as string },
    storage: {
      storageSizeGB: ensure("storageGiB", shape.storageGiB ?? 32, wholeNumber(32, 32_767)),
      autoGrow: "Enabled",
    },
    backup: {
      backupRetentionDays: ensure("backupRetentionDays", shape.backupRetentionDays ?? 14, wholeNumber(7, 35)),
      geoRedundantBackup: shape.geoRedundantBackup ? "Enabled" : "Disabled",
    },
    highAvailability: { mode },
    network: { publicNetworkAccess: "Disabled" },
    authConfig: { passwordAuth: "Enabled", activeDirectoryAuth: "Disabled" },
    maintenanceWindow: {
      customWindow: "Enabled",
      dayOfWeek: DAYS.indexOf(dayOfWeek),
      startHour: ensure("maintenance.startHour", startHour, wholeNumber(0, 23)),
      startMinute: 0,
    },
  };
}

const SERVER_NAME = matches({
  pattern: /^[a-z0-9][-a-z0-9]{1,61}[a-z0-9]$/,
  words: "3 to 63 of a-z, 0-9 and '-', not beginning or ending with '-'",
  example: "psql-chat",
});

/** The name that was given, or one that the same owner always gets and nobody else does. */
export function serverName(
  given: string | undefined,
  component: string,
  owner: pulumi.Output<[string, string]>,
): pulumi.Input<string> {
  if (given !== undefined) return validatedInput("serverName", given, SERVER_NAME);
  return owner.apply(([subscription, group]) => {
    const parts = [subscription.toLowerCase(), group.toLowerCase(), pulumi.getProject(), pulumi.getStack()];
    return `psql-${component.slice(0, 40)}-${shortHash(10, ...parts, component)}`;
  });
}

/**
 * How the application connects. The root certificates are those of Debian's package, by which both of Open WebUI's
 * drivers check who the server is.
 */
export function databaseUrl(of: { host: string; database: string; password: string }): string {
  const check = "sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt";
  return `postgresql://${of.database}:${of.password}@${of.host}:5432/${of.database}?${check}`;
}
