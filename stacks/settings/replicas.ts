/** The part of a model's settings that says how many of it there are. */
interface Served {
  readonly inferenceSet?: { readonly replicas: number };
  readonly autoscaling?: { readonly minReplicas: number; readonly maxReplicas: number };
}

/** How many replicas a model has, each of which takes nodes of its own. */
export function replicasOf({ inferenceSet, autoscaling }: Served): { least: number; most: number } {
  if (autoscaling) return { least: autoscaling.minReplicas, most: autoscaling.maxReplicas };
  const replicas = inferenceSet?.replicas ?? 1;
  return { least: replicas, most: replicas };
}
