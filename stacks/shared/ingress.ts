import * as pulumi from "@pulumi/pulumi";
import { CertManager } from "../../components/certManager.ts";
import { CHAT_PORT } from "../../components/chatApp/environment.ts";
import type { ChatApp } from "../../components/chatApp.ts";
import { GatewayClassReady } from "../../components/gatewayClassReady.ts";
import { APP_ROUTING_CLASS } from "../../components/platformIngress/classes.ts";
import { HTTP_LISTENER } from "../../components/platformIngress/names.ts";
import { type IngressRoute, type IngressTls, PlatformIngress } from "../../components/platformIngress.ts";
import { argumentsFrom } from "../../components/validation.ts";
import { chatHost } from "../settings/ingressHosts.ts";
import type { Settings } from "../settings.ts";
import type { ClusterPlace } from "./cluster.ts";
import { publicServer } from "./ingressPartners.ts";
import type { DeployedServers } from "./mcpServers.ts";
import { hasCertManager, withMetricsAgent } from "./metricsAgent.ts";
import { mutable } from "./mutable.ts";
import { exemptionOf } from "./podSecurity.ts";

/**
 * The Pulumi name, whatever the Gateway is called: were it the setting, another one would make everything anew under
 * the same Kubernetes names, and delete that again as the old.
 */
const DOOR = "front-door";

/** What the front door leads to, and what it stands on. */
export interface IngressPlace {
  cluster: ClusterPlace;
  chat: ChatApp | undefined;
  servers: DeployedServers;
}

/** Whether the cluster needs AKS's own implementation of the Gateway API. */
export function needsAppRouting({ ingress }: Pick<Settings, "ingress">): boolean {
  return ingress.enabled && ingress.className === APP_ROUTING_CLASS;
}

/** The front door of the settings, if it is enabled. */
export function platformIngress(settings: Settings, place: IngressPlace): PlatformIngress | undefined {
  const { ingress } = settings;
  if (!ingress.enabled) return undefined;
  const { cluster } = place;
  const inCluster = { provider: cluster.provider };
  const { className, gatewayName, namespace } = ingress;
  const ready = new GatewayClassReady(
    "gateway-class",
    { kubeconfig: cluster.kubeconfig, className, trigger: cluster.gatewayApi },
    { dependsOn: cluster.dependsOn },
  );
  const certManager = certificateManager(settings, {
    ...inCluster,
    dependsOn: [...cluster.dependsOn, ready],
  });
  const { dns, sourceRanges, internal, dnsLabel, publicIp, idleMinutes, replicas, clients } =
    mutable(ingress);
  return argumentsFrom(
    "mcpaas:ingress",
    () =>
      new PlatformIngress(
        DOOR,
        {
          routes: routesOf(settings, place),
          tls: tlsOf(settings, certManager),
          className,
          gatewayName,
          namespace,
          hsts: hstsOf(settings),
          dns: dns && { ...dns, resourceGroupName: dns.resourceGroup },
          sourceRanges,
          internal,
          dnsLabel,
          publicIp,
          idleMinutes,
          replicas,
          clients,
          wafPolicyId: ingress.wafPolicyId,
          annotations: mutable(ingress.annotations),
          addresses: mutable(ingress.addresses),
          acmeHttp01: ingress.tls.issuer !== undefined,
          podSecurityExemption: exemptionOf(settings, "ingress") ?? "none",
          readyTimeoutMinutes: ingress.readyTimeoutMinutes,
        },
        { ...inCluster, dependsOn: [...cluster.dependsOn, ready, ...(certManager ? [certManager] : [])] },
      ),
  );
}

/** cert-manager, where an issuer is to make the certificates and nobody else brings it. */
function certificateManager(
  settings: Settings,
  options: pulumi.ComponentResourceOptions,
): CertManager | undefined {
  const { ingress } = settings;
  const { tls, gatewayName, namespace } = ingress;
  const { install: _, ...chart } = mutable(ingress.certManager);
  if (!hasCertManager(settings)) return undefined;
  const gateway = { name: gatewayName, namespace, listener: HTTP_LISTENER };
  return argumentsFrom(
    "mcpaas:ingress.certManager",
    () =>
      new CertManager(
        "cert-manager",
        {
          ...chart,
          metricsClients: withMetricsAgent(settings),
          // The settings have an e-mail address wherever they have an issuer.
          acme: tls.issuer && {
            email: tls.email ?? "",
            gateway,
            environments: [tls.issuer],
            server: tls.acmeServer,
          },
        },
        options,
      ),
  );
}

/** Where certificates come from; the settings have exactly one of them. */
function tlsOf({ ingress }: Settings, certManager: CertManager | undefined): IngressTls {
  const { issuer, clusterIssuer, certificate = "", privateKey = "", secret } = ingress.tls;
  if (issuer !== undefined) {
    return { issuer: { name: certManager?.issuers[issuer] ?? "", kind: "ClusterIssuer" } };
  }
  if (clusterIssuer !== undefined) return { issuer: { name: clusterIssuer, kind: "ClusterIssuer" } };
  if (secret !== undefined) return { secret: mutable(secret) };
  return { certificate, privateKey: pulumi.secret(privateKey) };
}

/** Not by default with certificates that nobody trusts: a browser that remembers the header can't be talked round. */
function hstsOf({ ingress }: Settings) {
  const { enabled = ingress.tls.issuer !== "staging", ...hsts } = ingress.hsts;
  return enabled && mutable(hsts);
}

function routesOf(settings: Settings, { chat, servers }: IngressPlace): IngressRoute[] {
  const { ingress } = settings;
  const host = chatHost(settings);
  const toChat: IngressRoute[] =
    host === undefined || chat === undefined
      ? []
      : [
          {
            host,
            service: chat.service,
            target: { namespace: settings.chat.namespace, podLabels: chat.podLabels, port: CHAT_PORT },
            timeoutSeconds: ingress.timeoutSeconds,
            authentication: "Open WebUI asks everybody to sign in",
          },
        ];
  const deployed = new Map(servers);
  const toServers = Object.entries(ingress.mcpServers).map(
    ([name, { host, timeoutSeconds }]): IngressRoute => {
      const server = deployed.get(name);
      if (server === undefined) throw new Error(`ingress.mcpServers names ${name}, which nobody made`);
      const { service, port, paths } = publicServer(settings, name);
      return {
        host,
        // The route comes after the server.
        service: { name: pulumi.output(server.url).apply(() => service), port },
        target: { namespace: settings.mcpNamespace, podLabels: server.podLabels, port },
        paths,
        timeoutSeconds,
        // The settings let no server out that has none.
        authentication: "the MCP guard asks every caller for a token",
      };
    },
  );
  return [...toChat, ...toServers];
}
