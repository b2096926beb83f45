import { z } from "zod";
import { SCALING_DEFAULTS, SCALING_RANGES } from "../../../components/autoscaling/behavior.ts";
import { CALLS_RANGE, CPU_PERCENT } from "../../../components/mcpServerDeployment/autoscaler.ts";
import { NOBODY_LISTENS } from "../../../components/mcpServerDeployment/scaleRules.ts";

const pods = z.int().min(1).max(100);

const number = (key: keyof typeof SCALING_RANGES, meta: { description: string; unit: string }) => {
  const [min, max] = SCALING_RANGES[key];
  return { schema: z.int().min(min).max(max).optional(), meta };
};

const ways = {
  stabilizationSeconds: number("stabilizationSeconds", {
    description: "How far back what was needed counts",
    unit: "seconds",
  }),
  pods: number("pods", { description: "Pods at most in periodSeconds", unit: "pods" }),
  percent: number("percent", {
    description: "The same, in percent of those that there are",
    unit: "percent",
  }),
  periodSeconds: number("periodSeconds", {
    description: "The time that pods and percent speak of",
    unit: "seconds",
  }),
} as const;

/** How fast pods come or go. */
const rules = (way: keyof typeof SCALING_DEFAULTS, description: string) => {
  const defaults = SCALING_DEFAULTS[way];
  const field = <K extends keyof typeof ways>(key: K, example: number) =>
    ways[key].schema.meta({
      ...ways[key].meta,
      example,
      otherwise: defaults[key] === undefined ? "no such limit" : String(defaults[key]),
    });
  return z
    .strictObject({
      stabilizationSeconds: field("stabilizationSeconds", 120),
      pods: field("pods", 2),
      percent:
        way === "scaleDown"
          ? z
              .int()
              .min(1)
              .max(100)
              .optional()
              .meta({ ...ways.percent.meta, example: 25, otherwise: String(defaults.percent) })
          : field("percent", 200),
      periodSeconds: field("periodSeconds", 30),
    })
    .optional()
    .meta({ description, example: { stabilizationSeconds: 120 }, otherwise: "as its keys say" });
};

/** How the pods of one server follow what they do. */
export const mcpAutoscaling = z
  .strictObject({
    minReplicas: pods.default(1).meta({
      description: "Pods at least; never 0",
      example: 2,
      unit: "pods",
      allowed: `a whole number from 1 to 100; not 0, because ${NOBODY_LISTENS}`,
    }),
    maxReplicas: pods.meta({ description: "Pods at most", example: 5, unit: "pods" }),
    targetCPUUtilization: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .meta({
        description: "CPU that pods use on average of what they request",
        example: 70,
        unit: "percent",
        otherwise: `${CPU_PERCENT}; with requestsPerSecond none`,
      }),
    requestsPerSecond: z.number().min(CALLS_RANGE[0]).max(CALLS_RANGE[1]).optional().meta({
      description: "Calls of tools a second that a pod is to have on average, counted by its guard",
      example: 20,
      unit: "calls a second",
      otherwise: "calls don't count",
    }),
    scaleUp: rules("scaleUp", "How fast pods come"),
    scaleDown: rules("scaleDown", "How fast pods go"),
    scaler: z
      .enum(["keda", "custom-metrics"])
      .optional()
      .meta({
        description:
          "Who knows requestsPerSecond: AKS's KEDA by Azure Monitor's metrics; or Kubernetes' autoscaler by " +
          "custom.metrics.k8s.io, for which you install an adapter",
        example: "custom-metrics",
        otherwise: "keda",
      }),
  })
  .superRefine(({ scaler, requestsPerSecond }, context) => {
    if (scaler === undefined || requestsPerSecond !== undefined) return;
    const message = "nothing without requestsPerSecond: CPU is known to Kubernetes' own autoscaler";
    context.addIssue({ code: "custom", path: ["scaler"], message });
  })
  .optional()
  .meta({
    description: "Pods by their CPU or their calls instead of replicas; runtime deployment",
    example: { maxReplicas: 5 },
    otherwise: "replicas",
  });
