import { z } from "zod";
import { KUBERNETES_VERSION, TIME_OF_DAY, UTC_OFFSET } from "../../../components/forms.ts";
import { ipv4RangeRule } from "../../../components/ipRange.ts";
import { autoscaler, keda } from "./autoscaler.ts";
import { entra } from "./entra.ts";
import { ruled, text } from "./fields.ts";
import { gpuPool, moreGpuPools, systemPool, userPool } from "./pools.ts";

/** The cluster. */
export const cluster = z
  .strictObject({
    kubernetesVersion: text(KUBERNETES_VERSION).optional().meta({
      description: "Kubernetes version, in quotes",
      example: "1.34",
      otherwise: "AKS's default",
    }),
    tier: z
      .enum(["Free", "Standard", "Premium"])
      .default("Free")
      .meta({ description: "Free has no uptime agreement, Standard has one", example: "Standard" }),
    upgradeChannel: z
      .enum(["none", "patch", "stable", "rapid", "node-image"])
      .default("patch")
      .meta({ description: "How far AKS upgrades Kubernetes by itself", example: "patch" }),
    nodeOsUpgradeChannel: z
      .enum(["None", "Unmanaged", "SecurityPatch", "NodeImage"])
      .default("NodeImage")
      .meta({ description: "How AKS renews the OS of nodes", example: "NodeImage" }),
    maintenance: z
      .strictObject({
        dayOfWeek: z
          .enum(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
          .default("Sunday")
          .meta({ description: "Day of Kubernetes upgrades; node images: any day", example: "Sunday" }),
        startTime: text(TIME_OF_DAY)
          .default("02:00")
          .meta({ description: "When the window begins, in quotes", example: "02:00" }),
        durationHours: z
          .int()
          .min(4)
          .max(24)
          .default(4)
          .meta({ description: "How long the window is", example: 4, unit: "hours" }),
        utcOffset: text(UTC_OFFSET).default("+00:00").meta({
          description: "Offset of startTime from UTC, in quotes",
          example: "+01:00",
        }),
      })
      .prefault({}),
    imageCleanerIntervalHours: z
      .int()
      .min(24)
      .max(2160)
      .default(168)
      .meta({ description: "Time between two removals of unused images", example: 168, unit: "hours" }),
    authorizedIpRanges: z
      .array(ruled(ipv4RangeRule))
      .default([])
      .meta({
        description:
          "Addresses that may reach the API server; none listed means all. Can be changed at any time",
        example: ["203.0.113.0/24"],
        allowed: "a list of IPv4 ranges",
      }),
    privateCluster: z.boolean().default(false).meta({
      description:
        "API server without a public address, reached from the network only; decided when the cluster is made",
      example: true,
    }),
    entra,
    autoscaler,
    keda,
    systemPool,
    updateSystemPool: z.boolean().default(false).meta({
      description:
        "Send changes of systemPool (not its VM size) to the cluster; AKS then scales every pool for a while",
      example: true,
    }),
    userPool,
    gpuPool,
    moreGpuPools,
    reselectVmSizes: z.string().default("").meta({
      description:
        "Change it to choose VM sizes of user and GPU pool anew; a pool whose size changes is replaced",
      example: "2026-11",
    }),
    strictSkuSelection: z
      .boolean()
      .default(false)
      .meta({ description: "Fail when Azure can't be asked for quota", example: true }),
  })
  .superRefine((cluster, context) => {
    if (cluster.privateCluster && cluster.authorizedIpRanges.length > 0) {
      context.addIssue({
        code: "custom",
        path: ["authorizedIpRanges"],
        message: "nothing, because a private cluster has no public address to restrict",
      });
    }
  })
  .prefault({});
