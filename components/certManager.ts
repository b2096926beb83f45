import { Chart } from "@pulumi/kubernetes/helm/v4/chart.js";
import { NetworkPolicy, type NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import {
  type AcmeEnvironment,
  type AcmeGateway,
  acmeIssuer,
  acmeIssuerSpec,
  EMAIL,
  issuerName,
} from "./certManager/issuers.ts";
import {
  CERT_MANAGER_CHART,
  CERT_MANAGER_VERSION,
  certManagerValues,
  DEFAULT_CERT_MANAGER_RESOURCES,
  RELEASE,
} from "./certManager/values.ts";
import { CHART_VERSION } from "./forms.ts";
import { apiServerPolicySpec } from "./network/apiServer.ts";
import { type NetworkClient, podPolicySpec } from "./network/specs.ts";
import { type ContainerResources, ensureResources } from "./resources.ts";
import { RestrictedNamespace } from "./restrictedNamespace.ts";
import { ensure, InputPropertyError, matches, wholeNumber } from "./validation.ts";

export type { AcmeEnvironment, AcmeGateway } from "./certManager/issuers.ts";

/** Whose certificates are asked for, and how it is proven that hosts are ours. */
export interface AcmeArgs {
  /** Where the CA writes when something is wrong with the account or its certificates. */
  email: string;
  /** The Gateway that answers the CA's challenges (HTTP-01); it may be made later. */
  gateway: AcmeGateway;
  /**
   * Issuers to make: of "staging" browsers trust nothing, and nearly everything may be tried; "production" allows few
   * failures and some 50 certificates a week for a domain. Source: https://letsencrypt.org/docs/rate-limits
   * @default ["staging", "production"]
   */
  environments?: AcmeEnvironment[];
  /** The directory of another CA that speaks ACME, for the only environment. @default - Let's Encrypt's */
  server?: string;
}

/** Arguments of CertManager. */
export interface CertManagerArgs {
  /** The namespace that is made for it. @default "cert-manager" */
  namespace?: string;
  /** The chart, for a mirror: an OCI address or a folder. @default "oci://quay.io/jetstack/charts/cert-manager" */
  chart?: string;
  /** Version of chart and images, without "v". Another one than the default is untested. @default "1.21.2" */
  version?: string;
  /** Registry of the images, for a mirror. @default "quay.io" */
  imageRegistry?: string;
  /** Names of Secrets in the namespace with which images are pulled. @default - none */
  imagePullSecrets?: string[];
  /**
   * Leave the CRDs, and with them all Certificates, when this component is deleted. @default false
   */
  keepCrds?: boolean;
  /**
   * Requests and limits of each of the three programs.
   * @default { requests: { cpu: "10m", memory: "96Mi" }, limits: { memory: "256Mi" } }
   */
  resources?: ContainerResources;
  /** Pods of each of the three programs, of which one leads, 1 to 5. @default 1 */
  replicas?: number;
  /** Labels of the nodes that they may run on. @default - any with Linux */
  nodeSelector?: Record<string, string>;
  /** Issuers of certificates that browsers trust. @default - none: issuers are the user's affair */
  acme?: AcmeArgs;
  /** Who may read the metrics on port 9402, such as when certificates end. @default [] (nobody) */
  metricsClients?: NetworkClient[];
  /** Addresses from which the API server calls the webhook, besides AKS's agents in kube-system. @default [] */
  apiServerRanges?: string[];
}

/** Port of the webhook. Source: `webhook.securePort` of the chart's values.yaml. */
const WEBHOOK_PORT = 10250;

/** Port of every program's metrics. Source: the Services of the chart. */
const METRICS_PORT = 9402;

/**
 * cert-manager, which gets certificates and renews them a third of their life before they end, with support for the
 * Gateway API, in a restricted namespace of its own; and issuers for Let's Encrypt. It is ready when its webhook
 * can be called.
 *
 * Costs three small pods. The Gateway API must be there before: cert-manager looks for it once, when it starts.
 * Certificates need `dependsOn` on this component: it must outlive them.
 */
export class CertManager extends pulumi.ComponentResource {
  /** Its namespace. */
  declare readonly namespace: pulumi.Output<string>;
  /** The version that is installed. */
  declare readonly version: pulumi.Output<string>;
  /** Names of the ClusterIssuers for ACME, by environment; known when they are ready. */
  declare readonly issuers: Partial<Record<AcmeEnvironment, pulumi.Output<string>>>;

  constructor(name: string, args: CertManagerArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("mcpaas:index:CertManager", name, {}, opts);
    const version = ensure("version", args.version ?? CERT_MANAGER_VERSION, matches(CHART_VERSION));
    const replicas = ensure("replicas", args.replicas ?? 1, wholeNumber(1, 5));
    const resources = ensureResources("resources", args.resources ?? DEFAULT_CERT_MANAGER_RESOURCES);
    const environments = checkedEnvironments(args.acme);
    const namespaceName = args.namespace ?? "cert-manager";

    const namespace = new RestrictedNamespace(
      `${name}-namespace`,
      // It talks to the Kubernetes API and to CAs, and asks for its own challenges from outside.
      { namespace: namespaceName, denyEgress: false },
      { parent: this },
    );
    const { imageRegistry, imagePullSecrets, nodeSelector } = args;
    const pods = (labels: Record<string, string>) => ({ "app.kubernetes.io/instance": RELEASE, ...labels });
    const policy = (what: string, spec: NetworkPolicyArgs["spec"]) =>
      new NetworkPolicy(
        `${name}-${what}`,
        { metadata: { name: `cert-manager-${what}`, namespace: namespace.namespace }, spec },
        { parent: this, dependsOn: [namespace] },
      );
    const webhook = policy(
      "webhook",
      apiServerPolicySpec(
        pods({ "app.kubernetes.io/component": "webhook" }),
        WEBHOOK_PORT,
        args.apiServerRanges ?? [],
      ),
    );
    const { metricsClients: clients = [] } = args;
    if (clients.length > 0) {
      const { podSelector, ingress } = podPolicySpec({
        podLabels: pods({}),
        port: METRICS_PORT,
        clients,
        egress: [],
      });
      policy("metrics", { podSelector, policyTypes: ["Ingress"], ingress });
    }
    const chart = new Chart(
      `${name}-chart`,
      {
        chart: args.chart ?? CERT_MANAGER_CHART,
        version: `v${version}`,
        name: RELEASE,
        namespace: namespace.namespace,
        values: certManagerValues({
          namespace: namespaceName,
          keepCrds: args.keepCrds ?? false,
          resources,
          replicas,
          imageRegistry,
          imagePullSecrets,
          nodeSelector,
        }),
      },
      { parent: this, dependsOn: [namespace, webhook] },
    );
    const { acme } = args;
    const issuers = acme
      ? environments.map((environment) => {
          const options = { parent: this, dependsOn: [chart] };
          const issuer = acmeIssuer(name, environment, acmeIssuerSpec(environment, acme), options);
          return [environment, issuer.urn.apply(() => issuerName(environment))] as const;
        })
      : [];

    this.namespace = namespace.namespace;
    this.version = pulumi.output(version);
    this.issuers = Object.fromEntries(issuers);
    this.registerOutputs({ namespace: this.namespace, version: this.version, issuers: this.issuers });
  }
}

function checkedEnvironments(acme: AcmeArgs | undefined): AcmeEnvironment[] {
  if (acme === undefined) return [];
  const { email, server, environments = ["staging", "production"] } = acme;
  ensure("acme.email", email, matches(EMAIL));
  if (environments.length === 0) {
    throw new InputPropertyError(
      "acme.environments",
      'must name "staging" or "production"; or leave out acme',
    );
  }
  if (server === undefined) return environments;
  if (!server.startsWith("https://") || !URL.canParse(server)) {
    throw new InputPropertyError(
      "acme.server",
      `${JSON.stringify(server)} is not allowed; it must be an https URL`,
    );
  }
  if (environments.length > 1) {
    throw new InputPropertyError("acme.environments", "must name one where server is given: it is one CA's");
  }
  return environments;
}
