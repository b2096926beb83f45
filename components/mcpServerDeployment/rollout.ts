import * as pulumi from "@pulumi/pulumi";
import { thinProvider } from "../dynamic/thinProvider.ts";

/** Arguments of {@link McpRollout}. */
export interface McpRolloutArgs {
  /**
   * The kubeconfig with which the pods are looked at, its text or the path of a file. It may change at any
   * time.
   */
  kubeconfig: pulumi.Input<string>;
  namespace: pulumi.Input<string>;
  /** Name of the MCPServer and of its Deployment. */
  name: string;
  /** What the pods' annotation `mcpaas.dev/spec` says once they are the new ones. */
  spec: pulumi.Input<string>;
  /** How many of them there are to be. */
  replicas: number;
  /** Tells one state of the MCPServer from another: with each new one the pods are waited for. */
  trigger: pulumi.Input<string>;
  /** How long to wait, in minutes. A new one changes nothing. */
  timeoutMinutes: number;
}

/**
 * Waits until KMCP has put an MCPServer into its Deployment and the new pods, all of them and no others, run.
 * KMCP's own condition Ready doesn't tell: it counts the pods from before.
 *
 * What the pods from before still mount is thereby there until they are gone. Pulumi replaces ConfigMaps and
 * Secrets that have automatic names by making the new one first, and deletes the old one as the last thing of
 * an `up`, if every step before succeeded. One that waits here in vain deletes nothing, nor does the next
 * that fails.
 *
 * It makes nothing in the cluster; a refresh leaves it as it is, and deleting it does nothing.
 */
export class McpRollout extends pulumi.dynamic.Resource {
  constructor(name: string, args: McpRolloutArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { ...args, kubeconfig: pulumi.secret(args.kubeconfig) },
      opts,
      "mcpaas",
      "McpRollout",
    );
  }
}

const provider = thinProvider<typeof import("./rollout/provider.ts")>("mcpServerDeployment/rollout/provider");
