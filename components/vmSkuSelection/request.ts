import { z } from "zod";

const pool = z.strictObject({
  vmSize: z.string().min(1).optional(),
  preferredSkus: z.array(z.string().min(1)).optional(),
  nodeArch: z.enum(["amd64", "arm64"]).optional(),
  gpus: z.int().min(0).optional(),
  minGpuMemoryGiB: z.number().min(0).optional(),
  minVcpus: z.number().min(0).optional(),
  minMemoryGiB: z.number().min(0).optional(),
  maxCount: z.int().min(1),
  maxSurge: z
    .union([z.int().min(0), z.string().regex(/^\d+%?$/)], {
      error: 'must be a whole number or a percentage such as "33%"',
    })
    .optional(),
  burstable: z.boolean().optional(),
  inline: z.boolean().optional(),
  spot: z.boolean().optional(),
  fallback: z.strictObject({ pool: z.string().min(1), maxCount: z.int().min(1) }).optional(),
  zones: z.array(z.string().min(1)).optional(),
});

/** The form of the resource's arguments, as the engine passes them on. */
export const argsSchema = z.object({
  subscriptionId: z.string().min(1, "must not be empty"),
  location: z.string().regex(/^[a-z0-9 ]+$/i, "must be the name of a region, such as eastus"),
  pools: z.record(z.string(), pool).refine((pools) => Object.keys(pools).length > 0, "names no pool"),
  poolOrder: z.array(z.string()),
  clusterId: z
    .string()
    .regex(
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[^/]+$/i,
      "must be the ARM id of an AKS cluster: /subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.ContainerService/managedClusters/NAME",
    )
    .optional(),
  otherLocations: z.array(z.string()).optional(),
  reselect: z.string().optional(),
  strict: z.boolean().optional(),
});

/** The arguments of a selection, unwrapped. */
export type SelectionArgs = z.infer<typeof argsSchema>;

/** What is wrong with one argument. */
export interface Problem {
  property: string;
  reason: string;
}

/** Reads the arguments; all that is wrong with them is reported at once. */
export function parseArgs(
  input: unknown,
): { args: SelectionArgs; problems?: undefined } | { problems: Problem[] } {
  const parsed = argsSchema.safeParse(input);
  if (parsed.success) {
    return { args: parsed.data };
  }
  return {
    problems: parsed.error.issues.map(({ path, message }) => ({ property: path.join("."), reason: message })),
  };
}
