import * as pulumi from "@pulumi/pulumi";
import { checkGuard } from "./mcpGuard/check.ts";
import { makeGuard } from "./mcpGuard/guard.ts";
import { serverAccount } from "./mcpServerDeployment/account.ts";
import { addressConflicts, serverAddress } from "./mcpServerDeployment/address.ts";
import type { McpServerDeploymentArgs } from "./mcpServerDeployment/args.ts";
import { endingOf } from "./mcpServerDeployment/ending.ts";
import { kmcpWorkload } from "./mcpServerDeployment/kmcp.ts";
import { closeServer } from "./mcpServerDeployment/network.ts";
import { guardSessions, scaleConflicts } from "./mcpServerDeployment/scale.ts";
import { sourceConflicts } from "./mcpServerDeployment/source.ts";
import { withStdioLimits } from "./mcpServerDeployment/stdioSessions.ts";
import { refuseUnsupported } from "./mcpServerDeployment/unsupported.ts";
import { ownWorkload } from "./mcpServerDeployment/workload.ts";
import { ensure, InputPropertyError, wholeNumber } from "./validation.ts";

export type * from "./mcpGuard/args.ts";
export type { KnownServerArgs, McpServerDeploymentArgs } from "./mcpServerDeployment/args.ts";
export type { McpProbes } from "./mcpServerDeployment/deployment.ts";
export type { McpAutoscaling, McpRuntime, McpSessions } from "./mcpServerDeployment/scale.ts";
export type { McpTransport } from "./mcpServerDeployment/source.ts";
export type { NetworkEgress as McpEgress } from "./network/egress.ts";
export type { NetworkClient as McpClient } from "./network/specs.ts";

/**
 * An MCP server that KMCP runs, with a guard before it: an `MCPServer` resource, the ServiceAccount of its
 * pods, the guard's ConfigMap and Secret, and NetworkPolicies that let its clients and nobody else in, to the
 * guard alone, and the clients of its own namespace out to it. The pods meet the restricted pod security
 * standard.
 *
 * With a `kubeconfig`, `pulumi up` waits until the new pods run and no others, which with a guard means that
 * the server answers `initialize`, and fails with what keeps them. The guard's settings of the pods from
 * before are deleted after that, and so is what `secretRefs` and `configMapRefs` name, where it is made in
 * the same program without a name.
 *
 * Costs what its pods request. What the MCPServer resource can't express (probes, autoscaling, session
 * affinity …) is an error, unless `runtime` is "deployment". Give it `dependsOn` on the KmcpInstall and the
 * namespace, so that they are deleted after it.
 */
export class McpServerDeployment extends pulumi.ComponentResource {
  /** The endpoint inside the cluster, for example "http://echo.mcp.svc.cluster.local:3000/mcp". */
  declare readonly url: pulumi.Output<string>;
  /** Name of the MCPServer (if KMCP runs it), the Deployment and the Service. */
  declare readonly name: pulumi.Output<string>;
  /** Its namespace. */
  declare readonly namespace: pulumi.Output<string>;
  /** The callers' tokens, by their names, as a secret; {} without static tokens. */
  declare readonly tokens: pulumi.Output<Record<string, string>>;
  /** Labels of its pods. */
  declare readonly podLabels: Record<string, string>;

  constructor(name: string, args: McpServerDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:McpServerDeployment", name, {}, opts);
    refuseUnsupported(args);
    checkGuard(args.guard);
    const guarded = args.guard !== "none";
    const conflicts = [
      sourceConflicts(args),
      scaleConflicts(args, args.guard === "none" ? undefined : args.guard),
      addressConflicts(args, guarded),
    ].flat();
    for (const { key, rule } of conflicts) throw new InputPropertyError(key, `must be ${rule}`);
    const { namespace, imagePullPolicy } = args;
    const address = serverAddress(args.name ?? name, args, guarded);
    const { name: serverName, port, path } = address;
    // What KMCP's Deployment selects its pods by; an MCPServer can't change it.
    this.podLabels = { "app.kubernetes.io/name": serverName, "app.kubernetes.io/instance": serverName };

    const account = serverAccount(name, args, serverName, this);
    const networkPolicy = closeServer(this, name, args, { ...address, podLabels: this.podLabels });
    const place = {
      server: serverName,
      port,
      path,
      upstreamPort: address.serverPort,
      probeSeconds: args.transport === "stdio" ? 60 : undefined,
      sessions: guardSessions(args.sessions),
      ending: args.guard !== "none" && args.runtime === "deployment" ? endingOf(args.guard) : undefined,
      namespace,
      imagePullPolicy,
    };
    const guard =
      args.guard === "none" ? undefined : makeGuard(name, withStdioLimits(args.guard, args), place, this);
    const timeoutMinutes = ensure("readyTimeoutMinutes", args.readyTimeoutMinutes ?? 10, wholeNumber(1, 60));
    const timeout = `${timeoutMinutes}m`;
    const makeWorkload = args.runtime === "deployment" ? ownWorkload : kmcpWorkload;
    const server = makeWorkload(
      name,
      args,
      { address, namespace, podLabels: this.podLabels, guard: guard?.sidecar, timeoutMinutes },
      {
        parent: this,
        // The policy comes first: not for a moment can others reach the pods.
        dependsOn: [account, networkPolicy, ...(guard?.resources ?? [])],
        customTimeouts: { create: timeout, update: timeout, delete: "5m" },
      },
    );

    // Who uses these comes after the pods.
    this.name = server.urn.apply(() => serverName);
    this.namespace = pulumi.output(namespace);
    this.url = pulumi
      .all([this.name, this.namespace])
      .apply(([, ns]) => `http://${address.service}.${ns}.svc.cluster.local:${port}${path}`);
    this.tokens = guard?.tokens ?? pulumi.secret<Record<string, string>>({});
    this.registerOutputs({ url: this.url, name: this.name, namespace: this.namespace, tokens: this.tokens });
  }
}
