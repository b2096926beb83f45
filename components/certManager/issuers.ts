import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Form } from "../forms.ts";

/** Whose certificates browsers trust, and what one tries it with first. */
export type AcmeEnvironment = "staging" | "production";

/** Let's Encrypt's directories. Source: https://letsencrypt.org/docs/staging-environment and /getting-started */
export const ACME_DIRECTORIES: Readonly<Record<AcmeEnvironment, string>> = {
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
  production: "https://acme-v02.api.letsencrypt.org/directory",
};

/** An address that the CA writes to. */
export const EMAIL: Form = {
  pattern: /^[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,.]+$/,
  words: "an e-mail address",
  example: "platform@example.com",
};

/** A Gateway whose plain HTTP listener proves that hosts are ours. */
export interface AcmeGateway {
  /** Its name. */
  name: string;
  /** Its namespace. */
  namespace: string;
  /** Name of the listener. */
  listener: string;
}

/** Name of the issuer of an environment. */
export function issuerName(environment: AcmeEnvironment): string {
  return `letsencrypt-${environment}`;
}

/** An issuer that proves hosts by HTTP-01 at the Gateway. */
export function acmeIssuerSpec(
  environment: AcmeEnvironment,
  { email, server, gateway }: { email: string; server?: string; gateway: AcmeGateway },
) {
  const { name, namespace, listener } = gateway;
  const parentRef = {
    group: "gateway.networking.k8s.io",
    kind: "Gateway",
    name,
    namespace,
    sectionName: listener,
  };
  return {
    acme: {
      server: server ?? ACME_DIRECTORIES[environment],
      email,
      // The account: with it anybody could have certificates for these hosts.
      privateKeySecretRef: { name: `${issuerName(environment)}-account` },
      // The default, NodePort, would open a port of every node.
      solvers: [{ http01: { gatewayHTTPRoute: { serviceType: "ClusterIP", parentRefs: [parentRef] } } }],
    },
  };
}

/** An issuer, ready when the CA has their account. */
export function acmeIssuer(
  name: string,
  environment: AcmeEnvironment,
  spec: ReturnType<typeof acmeIssuerSpec>,
  options: pulumi.CustomResourceOptions,
): CustomResource {
  return new CustomResource(
    `${name}-${environment}`,
    {
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      metadata: { name: issuerName(environment), annotations: { "pulumi.com/waitFor": "condition=Ready" } },
      spec,
    },
    { ...options, customTimeouts: { create: "5m", update: "5m" } },
  );
}
