import { z } from "zod";
import { canStandBy, SERVER_SIZE } from "../../../components/azurePostgreSql/server.ts";
import { text } from "./fields.ts";

/** Azure's PostgreSQL for the chat app; docs/prod.md. */
export const azureDatabase = z
  .strictObject({
    version: z.enum(["16", "17", "18"]).default("18").meta({
      description: "PostgreSQL's major version, in quotes; a newer one is an upgrade without a way back",
      example: "18",
    }),
    size: text(SERVER_SIZE)
      .default("Standard_D2ds_v5")
      .meta({ description: "Its compute size; another one is a restart", example: "Standard_D4ds_v5" }),
    storageGiB: z.int().min(32).max(32_767).default(32).meta({
      description: "Its storage, which grows by itself and never shrinks; raise this to what it has grown to",
      example: 64,
      unit: "GiB",
    }),
    highAvailability: z.enum(["ZoneRedundant", "SameZone", "Disabled"]).default("ZoneRedundant").meta({
      description: "A standby that takes over, at the same price again; sizes with B can't have one",
      example: "ZoneRedundant",
    }),
    backupRetentionDays: z.int().min(7).max(35).default(14).meta({
      description: "Every moment of so many days can be restored, to a new server",
      example: 35,
      unit: "days",
    }),
    geoRedundantBackup: z.boolean().default(false).meta({
      description: "A copy of backups in the paired region; can't be changed later",
      example: true,
    }),
  })
  .superRefine(({ size, highAvailability }, context) => {
    if (highAvailability === "Disabled" || canStandBy(size)) return;
    const message = `"Disabled", because the burstable size ${size} can't have a standby; or another size`;
    context.addIssue({ code: "custom", path: ["highAvailability"], message });
  })
  .optional()
  .meta({
    description: "Azure Database for PostgreSQL, by a private endpoint; needs network.enabled",
    example: { size: "Standard_D2ds_v5" },
    otherwise: "none",
  });
