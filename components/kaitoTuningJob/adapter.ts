import type { input } from "@pulumi/kubernetes/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { KaitoAdapter } from "../kaitoWorkspace/adapters.ts";
import type { TuningCompletion } from "./completion.ts";
import { outputSpec, type TuningOutput } from "./output.ts";

/** The adapter, which isn't known before the job has ended. */
export function adapterOf(
  name: string,
  completion: TuningCompletion,
  output: TuningOutput,
  pullSecret: pulumi.Input<string> | undefined,
): pulumi.Output<KaitoAdapter> {
  if (output.image !== undefined) {
    return pulumi.all([completion.adapterImage, pullSecret]).apply(([image, secret]) => ({
      name,
      image,
      // A pod that loads adapters hasn't the node's identity.
      imagePullSecrets: secret === undefined ? undefined : [secret],
    }));
  }
  const { volumeSource } = outputSpec(output, undefined);
  return pulumi
    .all([completion.completedAt, pulumi.output(volumeSource)])
    .apply(([, volume]) => ({ name, volume: volume as input.core.v1.Volume }));
}
