import { z } from "zod";
import { RECEIVER_NAME } from "../../../components/platformAlerts/receivers.ts";
import { audit, objectives, quietWindow, receiver, thresholds } from "./alertParts.ts";
import { text } from "./fields.ts";

/** Who is told of what goes wrong; docs/alerting.md. */
export const alerts = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description:
        "Make objectives, alerts and action groups; needs monitoring.enabled; see docs/alerting.md",
      example: true,
    }),
    receivers: z
      .record(text(RECEIVER_NAME), receiver)
      .default({})
      .meta({
        description: "Whom to tell, by a name; without any, alerts are seen in Azure only",
        example: { "on-call": { email: "platform@example.com" } },
        allowed: `receivers by name, each ${RECEIVER_NAME.words}`,
      }),
    runbookBase: z
      .string()
      .regex(/^https?:\/\/[^\s?#]+$/)
      .optional()
      .meta({
        description:
          "Address of the folder with this project's files, so that alerts can link to docs/runbooks",
        example: "https://github.com/example/mcpaas/blob/main",
        allowed: "a URL without query",
        otherwise: "none: alerts name the file in the project",
      }),
    objectives,
    thresholds,
    audit,
    quota: z.boolean().default(true).meta({
      description:
        "Watch the region's quota of cores; makes an identity with the role Reader on the subscription",
      example: false,
    }),
    quiet: z
      .strictObject({
        maintenance: z.boolean().default(true).meta({
          description:
            "Tell nobody of warnings while AKS may upgrade Kubernetes (cluster.maintenance, once a week)",
          example: false,
        }),
        windows: z
          .array(quietWindow)
          .default([])
          .meta({
            description: "More times in which nobody is told",
            example: [{ daysOfWeek: ["Saturday"], startTime: "22:00", durationHours: 4 }],
            allowed: "a list of windows",
          }),
      })
      .prefault({}),
  })
  .prefault({});
