import { Chart } from "@pulumi/kubernetes/helm/v4/chart.js";
import * as pulumi from "@pulumi/pulumi";
import { KMCP_METRICS_PORT } from "./clusterMonitoring/scrapeJobs.ts";
import { CHART_VERSION } from "./forms.ts";
import { metricsService } from "./kmcpInstall/metricsService.ts";
import { plainMetrics } from "./kmcpInstall/plainMetrics.ts";
import {
  DEFAULT_CONTROLLER_RESOURCES,
  KMCP_CHART_REPOSITORY,
  KMCP_VERSION,
  kmcpValues,
} from "./kmcpInstall/values.ts";
import { type ContainerResources, ensureResources } from "./resources.ts";
import { RestrictedNamespace } from "./restrictedNamespace.ts";
import { ensure, matches, wholeNumber } from "./validation.ts";

/** Arguments of KmcpInstall. */
export interface KmcpInstallArgs {
  /** The namespace that is made for the controller. @default "kmcp-system" */
  namespace?: string;
  /**
   * Where both charts are: an OCI repository, or a folder with `kmcp` and `kmcp-crds` in it. A mirror must hold
   * them under the same names.
   * @default "oci://ghcr.io/kagent-dev/kmcp/helm"
   */
  chartRepository?: string;
  /** Version of charts and controller, without "v". Another one than the default is untested. @default "0.3.0" */
  version?: string;
  /**
   * Namespaces in which the controller looks for MCPServers; they must exist, and it gets rights in no other.
   * @default - all namespaces, by a ClusterRole
   */
  watchNamespaces?: string[];
  /**
   * Refuse to delete the CRDs, because every MCPServer goes with them. `pulumi state unprotect` lifts it.
   * @default false
   */
  protectCrds?: boolean;
  /**
   * Requests and limits of the controller.
   * @default { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } }
   */
  resources?: ContainerResources;
  /** Controllers, of which one leads, 1 to 5. @default 1 */
  replicas?: number;
  /** Repository of the controller's image, for a mirror. @default "ghcr.io/kagent-dev/kmcp/controller" */
  imageRepository?: string;
  /** Names of Secrets in the namespace with which the image is pulled. @default - none */
  imagePullSecrets?: string[];
  /**
   * Version of agentgateway, which speaks HTTP for stdio servers, without "-musl".
   * Source: `TRANSPORT_ADAPTER_VERSION` of KMCP's controller.
   * @default - the one that the controller was built with
   */
  transportAdapterVersion?: string;
  /** Labels of the nodes that the controller may run on. @default - any */
  nodeSelector?: Record<string, string>;
  /**
   * Serve the controller's metrics as plain HTTP on port 8080, to whoever a NetworkPolicy lets in; nothing here does.
   * @default false: HTTPS on port 8443, for who has a token of a service account that may read them
   */
  plainMetrics?: boolean;
}

/**
 * KMCP, the controller that runs MCP servers from `MCPServer` resources: the chart with the CRD first, then the
 * chart with the controller, in a restricted namespace of its own.
 *
 * Rendered by Chart and not installed as a Release, so that preview and policies see every object. The CRD has a
 * chart to itself because deleting it deletes every MCPServer. Costs one small pod.
 *
 * Pass the cluster's provider in `opts`. An MCPServer needs `dependsOn` on this component: the controller must
 * outlive it, and the API server doesn't know it before the CRD is there.
 */
export class KmcpInstall extends pulumi.ComponentResource {
  /** The controller's namespace. */
  declare readonly namespace: pulumi.Output<string>;
  /** The version that is installed. */
  declare readonly version: pulumi.Output<string>;

  constructor(name: string, args: KmcpInstallArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:KmcpInstall", name, {}, opts);
    const version = ensure("version", args.version ?? KMCP_VERSION, matches(CHART_VERSION));
    const repository = (args.chartRepository ?? KMCP_CHART_REPOSITORY).replace(/\/+$/, "");
    const chart = (part: string) => ({ chart: `${repository}/${part}`, version, name: part });
    const namespaceName = args.namespace ?? "kmcp-system";
    const plain = args.plainMetrics ?? false;

    const namespace = new RestrictedNamespace(
      `${name}-namespace`,
      // The controller talks to the Kubernetes API.
      { namespace: namespaceName, denyEgress: false },
      { parent: this },
    );
    const crds = new Chart(
      `${name}-crds`,
      { ...chart("kmcp-crds"), namespace: namespace.namespace },
      { parent: this, dependsOn: [namespace], protect: args.protectCrds },
    );
    new Chart(
      `${name}-controller`,
      {
        ...chart("kmcp"),
        namespace: namespace.namespace,
        values: kmcpValues({
          namespace: namespaceName,
          version,
          watchNamespaces: args.watchNamespaces ?? [],
          resources: ensureResources("resources", args.resources ?? DEFAULT_CONTROLLER_RESOURCES),
          replicas: ensure("replicas", args.replicas ?? 1, wholeNumber(1, 5)),
          imageRepository: args.imageRepository,
          imagePullSecrets: args.imagePullSecrets,
          transportAdapterVersion: args.transportAdapterVersion,
          nodeSelector: args.nodeSelector,
          metricsPort: plain ? KMCP_METRICS_PORT : undefined,
        }),
      },
      {
        parent: this,
        dependsOn: [namespace, crds],
        transforms: [metricsService, ...(plain ? [plainMetrics] : [])],
      },
    );

    this.namespace = namespace.namespace;
    this.version = pulumi.output(version);
    this.registerOutputs({ namespace: this.namespace, version: this.version });
  }
}
