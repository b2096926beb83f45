import { z } from "zod";
import { TIME_OF_DAY, UTC_OFFSET } from "../../../components/forms.ts";
import { DANGEROUS_TOOLS, SILENCE_HOURS } from "../../../components/platformAlerts/logAlerts.ts";
import { LATENCY_LIMITS, PERCENT } from "../../../components/platformAlerts/objectives.ts";
import { EMAIL, TEAMS_URL, WEBHOOK_URL } from "../../../components/platformAlerts/receivers.ts";
import { THRESHOLDS } from "../../../components/platformAlerts/watched.ts";
import { text } from "./fields.ts";

const level = z.enum(["critical", "warning", "info"]);

const KINDS = ["email", "webhook", "teams", "logicApp"] as const;

/** One receiver. */
export const receiver = z
  .strictObject({
    email: text(EMAIL).optional().meta({
      description: "An address of e-mail",
      example: EMAIL.example,
      otherwise: "another kind of receiver",
    }),
    webhook: text(WEBHOOK_URL)
      .optional()
      .meta({
        description:
          "A URL that takes Azure's common alert schema; pulumi config set --secret --path " +
          "mcpaas:alerts.receivers.<name>.webhook",
        example: "https://...",
        allowed: `${WEBHOOK_URL.words}, set with --secret`,
        otherwise: "another kind of receiver",
      }),
    teams: text(TEAMS_URL)
      .optional()
      .meta({
        description:
          "A channel of Microsoft Teams, by its workflow's address; set with --secret like a webhook",
        example: "https://...",
        allowed: `${TEAMS_URL.words}; set with --secret`,
        otherwise: "another kind of receiver",
      }),
    logicApp: z
      .strictObject({
        resourceId: z
          .string()
          .regex(
            /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Logic\/workflows\/[^/]+$/i,
          )
          .meta({
            description: "Its ARM id",
            example:
              "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-alerts/providers/Microsoft.Logic/workflows/page",
            allowed: "the ARM id of a Logic App",
          }),
        callbackUrl: text(WEBHOOK_URL).meta({
          description: "The callback address of its HTTP trigger; set with --secret like a webhook",
          example: "https://...",
          allowed: `${WEBHOOK_URL.words}, set with --secret`,
        }),
      })
      .optional()
      .meta({
        description: "A Logic App that is there already",
        example: {
          resourceId:
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-alerts/providers/Microsoft.Logic/workflows/page",
          callbackUrl: "https://...",
        },
        otherwise: "another kind of receiver",
      }),
    from: level.default("info").meta({
      description: "Alerts of this severity and worse",
      example: "critical",
    }),
  })
  .superRefine((receiver, context) => {
    if (KINDS.filter((kind) => receiver[kind] !== undefined).length === 1) return;
    const message = `exactly one of ${KINDS.join(", ")}: where it is told`;
    context.addIssue({ code: "custom", path: [], message });
  });

const percent = z.number().min(PERCENT.min).max(PERCENT.max);

/** An objective, or false for none. */
const objective = (kind: keyof typeof LATENCY_LIMITS, seconds: number, what: string, time: string) =>
  z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .meta({ description: `Have objectives for ${what}`, example: false }),
      availabilityPercent: percent.default(99.5).meta({
        description: `Share of ${what} that don't fail`,
        example: 99.9,
        unit: "percent",
      }),
      latencySeconds: z
        .literal([...LATENCY_LIMITS[kind]])
        .default(seconds as never)
        .meta({
          description: `${time} that is good`,
          example: seconds,
          unit: "seconds",
          allowed: LATENCY_LIMITS[kind].join(", "),
        }),
      latencyPercent: percent.default(95).meta({
        description: `Share of ${what} in that time`,
        example: 99,
        unit: "percent",
      }),
    })
    .prefault({});

/** What the platform promises. */
export const objectives = z
  .strictObject({
    windowDays: z.literal([7, 28, 30]).default(30).meta({
      description: "The time that objectives are about",
      example: 28,
      unit: "days",
      allowed: "7, 28, 30",
    }),
    minimumBadEvents: z.int().min(1).max(10_000).default(5).meta({
      description: "With fewer bad events in the longer window of a burn-rate alert nobody is told",
      example: 20,
    }),
    mcp: objective("mcp", 5, "MCP calls, by server,", "Time of a call"),
    model: objective("model", 5, "requests to a model", "Time to the first token"),
    chat: objective("chat", 2.5, "requests to the chat app", "Time of an answer, behind a front door,"),
  })
  .prefault({});

const threshold = (key: keyof typeof THRESHOLDS, description: string, unit?: string) => {
  const { default: usual, min, max } = THRESHOLDS[key];
  return z.int().min(min).max(max).default(usual).meta({ description, example: usual, unit });
};

/** How much is too much. */
export const thresholds = z
  .strictObject({
    gpuIdleMinutes: threshold("gpuIdleMinutes", "A GPU that does nothing for so long is idle", "minutes"),
    queueLength: threshold("queueLength", "A model's queue is long with so many requests"),
    tuningHours: threshold("tuningHours", "A tuning job is over its time after", "hours"),
    certificateDays: threshold(
      "certificateDays",
      "A certificate is renewed late with so little left",
      "days",
    ),
    volumeFreePercent: threshold(
      "volumeFreePercent",
      "A volume is nearly full with so little free",
      "percent",
    ),
    quotaFreePercent: threshold("quotaFreePercent", "Quota is nearly used up with so little left", "percent"),
  })
  .prefault({});

/** What is unusual in the audit. */
export const audit = z
  .strictObject({
    enabled: z.boolean().default(true).meta({
      description: "Watch the audit of the MCP servers; needs monitoring's logs",
      example: false,
    }),
    deniedCalls: z.int().min(1).max(10_000).default(10).meta({
      description: "So many denied calls of one caller in 15 minutes are too many",
      example: 50,
    }),
    dangerousTools: z
      .array(z.string().regex(/^[\w./-]{1,128}$/))
      .default([...DANGEROUS_TOOLS])
      .meta({
        description: "Tools whose every call is told",
        example: ["execute_document"],
        allowed: "a list of tools' names",
      }),
    newCallers: z.boolean().default(true).meta({
      description: "Tell of callers that weren't there in the two days before",
      example: false,
    }),
    silenceHours: z
      .literal([...SILENCE_HOURS])
      .optional()
      .meta({
        description: "Tell when nobody has called for so long; only where somebody always does",
        example: 24,
        unit: "hours",
        allowed: SILENCE_HOURS.join(", "),
        otherwise: "never",
      }),
  })
  .prefault({});

/** A time in which nobody is told. */
export const quietWindow = z.strictObject({
  daysOfWeek: z
    .array(z.enum(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]))
    .min(1)
    .meta({
      description: "Days on which it begins",
      example: ["Saturday"],
      allowed: "a list of days, 1 or more",
    }),
  startTime: text(TIME_OF_DAY).meta({ description: "When it begins, in quotes", example: "22:00" }),
  durationHours: z.int().min(1).max(24).meta({ description: "How long it is", example: 4, unit: "hours" }),
  utcOffset: text(UTC_OFFSET).default("+00:00").meta({
    description: "Offset of startTime from UTC, in quotes",
    example: "+01:00",
  }),
  severities: z
    .array(level)
    .min(1)
    .default(["warning", "info"])
    .meta({
      description: "Alerts that nobody is told of, also not afterwards",
      example: ["info"],
      allowed: "a list of critical, warning, info",
    }),
});
