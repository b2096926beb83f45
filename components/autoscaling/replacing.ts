import type * as pulumi from "@pulumi/pulumi";

/** What may scale a workload, by its kind: the type that Pulumi has for it. */
const TYPES = {
  HorizontalPodAutoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  ScaledObject: "kubernetes:keda.sh/v1alpha1:ScaledObject",
};

/**
 * Lets an autoscaler take the place of one of the other kind, the old one first. Made beside it the new one would be
 * refused: KEDA's webhook takes no ScaledObject for what a HorizontalPodAutoscaler scales (`verifyHpas` in its
 * apis/keda/v1alpha1/scaledobject_webhook.go). Pulumi must take the two for one resource for that, so both have the
 * same name and parent.
 */
export function replacing(
  otherKind: keyof typeof TYPES,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  return {
    ...options,
    replaceOnChanges: ["kind"],
    deleteBeforeReplace: true,
    aliases: [{ type: TYPES[otherKind] }],
  };
}
