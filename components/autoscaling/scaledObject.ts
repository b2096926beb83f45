import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { replacing } from "./replacing.ts";

/** Where KEDA asks, and as whom. */
export interface KedaPrometheus {
  /** The query endpoint: of an Azure Monitor workspace, or of any Prometheus that the operator reaches. */
  serverAddress: pulumi.Input<string>;
  /**
   * Client id of the managed identity with which KEDA's operator asks Azure Monitor. It needs the role Monitoring
   * Data Reader on the workspace, and a federated credential for `system:serviceaccount:kube-system:keda-operator`.
   * @default - none: a Prometheus that asks nobody who they are
   */
  identityClientId?: pulumi.Input<string>;
  /**
   * The label `cluster` of this cluster's series, where the Prometheus has those of several: an Azure Monitor workspace
   * may. Azure's agent sets it to the cluster's name.
   * @default - the series of all clusters count
   */
  cluster?: string;
}

/** The labels that choose series of one cluster, as they stand in a query. */
export function seriesOf(
  { cluster }: Pick<KedaPrometheus, "cluster">,
  labels: Record<string, string>,
): string {
  const all = { ...(cluster !== undefined && { cluster }), ...labels };
  return `{${Object.entries(all)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(",")}}`;
}

/** What a ScaledObject follows. Sources: the scalers "prometheus" and "cpu" of KEDA 2. */
export type KedaTrigger =
  /** A number that is divided among the pods: each is to have `threshold` of it. */
  | { query: pulumi.Input<string>; threshold: number }
  /** CPU that the pods use of what they request, in percent. */
  | { cpuUtilization: number };

/** Arguments of {@link scaledObject}. */
export interface ScaledObjectArgs {
  metadata: { name: string; namespace: pulumi.Input<string> };
  scaleTargetRef: { apiVersion: string; kind: string; name: pulumi.Input<string> };
  minReplicas: number;
  maxReplicas: number;
  triggers: readonly KedaTrigger[];
  prometheus: KedaPrometheus;
  behavior: input.autoscaling.v2.HorizontalPodAutoscalerBehavior;
  /** How often the metrics are asked for, in seconds. @default 30, as often as Azure's agent scrapes */
  pollingSeconds?: number;
}

/**
 * A ScaledObject of KEDA, from which its operator makes a HorizontalPodAutoscaler, and the TriggerAuthentication
 * that its queries need. It has no `fallback`: while a query fails the autoscaler takes no pods away, and still adds
 * some where its other metrics ask for them; a fallback would set a number that knows of neither.
 *
 * @param name the component's, with which the resources' names begin
 */
export function scaledObject(
  name: string,
  args: ScaledObjectArgs,
  options: pulumi.CustomResourceOptions,
): CustomResource {
  const { metadata, prometheus, scaleTargetRef, minReplicas, maxReplicas, behavior } = args;
  const { identityClientId } = prometheus;
  const byQuery = args.triggers.some((trigger) => "query" in trigger);
  const authentication =
    identityClientId === undefined || !byQuery
      ? undefined
      : new CustomResource(
          `${name}-prometheus-authentication`,
          {
            apiVersion: "keda.sh/v1alpha1",
            kind: "TriggerAuthentication",
            metadata: { name: `${metadata.name}-prometheus`, namespace: metadata.namespace },
            spec: { podIdentity: { provider: "azure-workload", identityId: identityClientId } },
          },
          options,
        );
  const authenticationRef = authentication && { name: `${metadata.name}-prometheus` };
  return new CustomResource(
    `${name}-autoscaler`,
    {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata,
      spec: {
        scaleTargetRef,
        minReplicaCount: minReplicas,
        maxReplicaCount: maxReplicas,
        pollingInterval: args.pollingSeconds ?? 30,
        // KEDA calls it keda-hpa-<name>. It goes a little after the ScaledObject: where a HorizontalPodAutoscaler
        // takes that one's place, it must have another name.
        advanced: { horizontalPodAutoscalerConfig: { behavior } },
        triggers: args.triggers.map((trigger) => triggerSpec(trigger, prometheus, authenticationRef)),
      },
    },
    replacing("HorizontalPodAutoscaler", {
      ...options,
      dependsOn: [...asList(options.dependsOn), ...(authentication ? [authentication] : [])],
    }),
  );
}

function triggerSpec(
  trigger: KedaTrigger,
  { serverAddress }: KedaPrometheus,
  authenticationRef: { name: string } | undefined,
): object {
  if ("cpuUtilization" in trigger) {
    return { type: "cpu", metricType: "Utilization", metadata: { value: String(trigger.cpuUtilization) } };
  }
  return {
    type: "prometheus",
    metricType: "AverageValue",
    metadata: {
      serverAddress,
      query: trigger.query,
      threshold: String(trigger.threshold),
      // An empty answer is an error, and no zero: the series are missing when nothing scrapes the pods.
      ignoreNullValues: "false",
    },
    authenticationRef,
  };
}

function asList(value: pulumi.CustomResourceOptions["dependsOn"]): pulumi.Resource[] {
  return value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as pulumi.Resource[]);
}
