import { z } from "zod";
import { SCALING_RANGES } from "../../../components/autoscaling/behavior.ts";
import { REPLICA_LOAD, REPLICA_PACE } from "../../../components/kaitoWorkspace/autoscaling.ts";

const replicas = z.int().min(1).max(100);
const requests = z.int().min(1).max(10_000);

const ranged = (key: keyof typeof SCALING_RANGES, description: string, example: number, unit: string) => {
  const [min, max] = SCALING_RANGES[key];
  return z.int().min(min).max(max).optional().meta({ description, example, unit });
};

const pace = (way: keyof typeof REPLICA_PACE, come: string) => {
  const { stabilizationSeconds, pods, periodSeconds } = REPLICA_PACE[way];
  return z
    .strictObject({
      stabilizationSeconds: ranged(
        "stabilizationSeconds",
        "How far back the load counts",
        300,
        "seconds",
      ).meta({
        otherwise: String(stabilizationSeconds),
      }),
      pods: ranged("pods", `Replicas that ${come} in periodSeconds`, 1, "replicas").meta({
        otherwise: String(pods),
      }),
      periodSeconds: ranged("periodSeconds", "The time that pods speaks of", 600, "seconds").meta({
        otherwise: String(periodSeconds),
      }),
    })
    .optional()
    .meta({
      description: `How fast replicas ${come}`,
      example: { periodSeconds: 900 },
      otherwise: `${pods} in ${periodSeconds} seconds, after ${stabilizationSeconds} seconds`,
    });
};

/** How a model's replicas follow its requests. */
export const modelAutoscaling = z
  .strictObject({
    minReplicas: replicas.default(1).meta({
      description: "Replicas at least; never 0, because nothing would say that requests wait",
      example: 1,
      unit: "replicas",
    }),
    maxReplicas: replicas.meta({
      description: "Replicas at most; the pool must have a node for each pod of theirs",
      example: 3,
      unit: "replicas",
    }),
    waitingRequests: requests.default(REPLICA_LOAD.waitingRequests).meta({
      description: "Waiting requests a replica, above which there are more replicas",
      example: 5,
      unit: "requests",
    }),
    runningRequests: requests.optional().meta({
      description:
        "Requests a replica that are answered at the same time, above which there are more replicas",
      example: 16,
      unit: "requests",
      otherwise: String(REPLICA_LOAD.runningRequests),
    }),
    scaleUp: pace("scaleUp", "come"),
    scaleDown: pace("scaleDown", "go"),
    scaler: z
      .enum(["keda", "custom-metrics", "kaito-scaler"])
      .default("keda")
      .meta({
        description:
          "Who scales: AKS's KEDA by Azure Monitor's metrics; an autoscaler by custom.metrics.k8s.io, for which you " +
          "install an adapter; KAITO's scaler for KEDA, which you install",
        example: "keda",
      }),
  })
  .superRefine((scaling, context) => {
    if (scaling.minReplicas > scaling.maxReplicas) {
      const message = `at most maxReplicas, which is ${scaling.maxReplicas}`;
      context.addIssue({ code: "custom", path: ["minReplicas"], message });
    }
    if (scaling.scaler !== "kaito-scaler") return;
    for (const key of ["runningRequests", "scaleUp", "scaleDown"] as const) {
      if (scaling[key] === undefined) continue;
      context.addIssue({ code: "custom", path: [key], message: 'nothing with the scaler "kaito-scaler"' });
    }
    if (scaling.minReplicas > 1) {
      context.addIssue({
        code: "custom",
        path: ["minReplicas"],
        message: '1 with the scaler "kaito-scaler"',
      });
    }
  })
  .optional()
  .meta({
    description: "Replicas that follow the requests, by an InferenceSet",
    example: { maxReplicas: 3 },
    otherwise: "as many as inferenceSet says",
  });
