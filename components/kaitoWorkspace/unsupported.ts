import type { KaitoWorkspaceArgs } from "../kaitoWorkspace.ts";
import { InputPropertyError } from "../validation.ts";

/** Everything that KaitoWorkspaceArgs has: the type makes sure that none is forgotten. */
const KNOWN_ARGS: ReadonlySet<string> = new Set(
  Object.keys({
    name: 1,
    namespace: 1,
    nodes: 1,
    model: 1,
    template: 1,
    servedModelName: 1,
    config: 1,
    adapters: 1,
    accessToken: 1,
    accessTokenSecret: 1,
    runtime: 1,
    performanceMode: 1,
    benchmark: 1,
    inferenceSet: 1,
    fitCheck: 1,
    nodeImageFamily: 1,
    clients: 1,
    egress: 1,
    readyTimeoutMinutes: 1,
  } satisfies Record<keyof KaitoWorkspaceArgs, 1>),
);

const PUBLIC =
  "isn't offered: KAITO's load balancer has a public address and its server asks nobody who they are. Let clients " +
  "in the cluster call it (clients), or put a gateway that authenticates in front of it";

/** Why something that KAITO has, or had, is no argument. */
const REASONS: Readonly<Record<string, string>> = {
  enableLoadBalancer: PUBLIC,
  loadBalancer: PUBLIC,
  count: "is deprecated: KAITO works out how many nodes a model needs; set nodes",
  preferredNodes: "is deprecated: nodes.matchLabels chooses the nodes",
  accessMode: "is deprecated: KAITO downloads weights when a pod starts",
  autoscaling: "is a field of inferenceSet; a Workspace has one replica",
  replicas: "is a field of inferenceSet; a Workspace has one replica",
  updateStrategy: "isn't acted on by KAITO 0.11; see inferenceSet.autoUpgrade",
  instanceType: "is nodes.vmSize, with nodes.provision",
  labelSelector: "is nodes.matchLabels",
  preset: "is called model",
};

/** Refuses arguments that nothing would act on. Types do so at compile time, this does when they are bypassed. */
export function refuseUnsupported(args: object): void {
  for (const key of Object.keys(args)) {
    if (KNOWN_ARGS.has(key)) continue;
    throw new InputPropertyError(key, REASONS[key] ?? "is no argument of KaitoWorkspace");
  }
}
