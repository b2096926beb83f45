import * as pulumi from "@pulumi/pulumi";
import { thinProvider } from "../dynamic/thinProvider.ts";

/** Arguments of {@link TuningCompletion}. */
export interface TuningCompletionArgs {
  /** The kubeconfig with which the job is looked at, its text or the path of a file. It may change at any time. */
  kubeconfig: pulumi.Input<string>;
  /** The version of the API at which the Workspace was made. */
  apiVersion: string;
  namespace: pulumi.Input<string>;
  /** Name of the Workspace. */
  name: pulumi.Input<string>;
  /** The Workspace's uid: another one is another job. */
  uid: pulumi.Input<string>;
  /** The image that the job pushes. @default - none: it writes to a volume */
  image?: pulumi.Input<string>;
  /** How long to wait, in minutes. */
  maxDurationMinutes: number;
}

/**
 * Waits for the end of a tuning job, says at each step where it is, and fails with the step and the next command to
 * type when the job fails or the time is up. It makes nothing in the cluster, and deleting it does nothing.
 */
export class TuningCompletion extends pulumi.dynamic.Resource {
  /** The adapter's image, by digest where it is known; undefined for a volume. */
  declare readonly adapterImage: pulumi.Output<string | undefined>;
  /** When the end of the job was seen. */
  declare readonly completedAt: pulumi.Output<string>;

  constructor(name: string, args: TuningCompletionArgs, opts?: pulumi.CustomResourceOptions) {
    const props = {
      ...args,
      kubeconfig: pulumi.secret(args.kubeconfig),
      adapterImage: undefined,
      completedAt: undefined,
    };
    super(provider, name, props, opts, "mcpaas", "TuningCompletion");
  }
}

const provider = thinProvider<typeof import("./provider.ts")>("kaitoTuningJob/provider");
