import { z } from "zod";
import { DNS_LABEL, TIME_OF_DAY } from "../../../components/forms.ts";
import { text } from "./fields.ts";

const HOURS = [4, 6, 8, 12, 24] as const;

/** Snapshots of volumes; docs/prod.md. */
export const backup = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .meta({ description: "Back up volumes with Azure Backup for AKS; see docs/prod.md", example: true }),
    namespaces: z
      .array(text(DNS_LABEL))
      .min(1)
      .optional()
      .meta({
        description: "Namespaces whose volumes are backed up, with their objects but Secrets",
        example: ["chat", "models"],
        allowed: "a list of namespaces, 1 or more",
        otherwise: "those of chat app and models",
      }),
    everyHours: z
      .literal(HOURS)
      .default(24)
      .meta({ description: "Between two backups", example: 12, unit: "hours" }),
    startTime: text(TIME_OF_DAY)
      .default("01:00")
      .meta({ description: "When a day's first one is taken, in UTC, in quotes", example: "01:00" }),
    retentionDays: z
      .int()
      .min(1)
      .max(360)
      .default(14)
      .meta({ description: "How long one is kept", example: 30, unit: "days" }),
    redundancy: z.enum(["one-zone", "zones", "regions"]).default("zones").meta({
      description:
        "Where vault and storage keep copies; it stays as it was made. Snapshots are in the region",
      example: "zones",
    }),
    privateEndpoint: z.boolean().default(false).meta({
      description: "Reach the backups' storage inside the network only; needs network.enabled",
      example: true,
    }),
  })
  .prefault({});
