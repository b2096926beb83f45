import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type * as pulumi from "@pulumi/pulumi";
import type { IngressTls } from "./args.ts";
import { judgedPair } from "./certificate.ts";
import type { SecretRef } from "./gateway.ts";
import { certificateName } from "./names.ts";

/** Where Secrets are, and what for. */
export interface SecretPlace {
  namespace: pulumi.Input<string>;
  namespaceName: string;
  gatewayName: string;
  hosts: readonly string[];
}

/** The Secret of each host, and what must be there before the Gateway asks for them. */
export function givenSecret(
  name: string,
  tls: IngressTls,
  { namespace, namespaceName, gatewayName, hosts }: SecretPlace,
  options: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): { secrets: Record<string, SecretRef>; resources: pulumi.Resource[] } {
  const all = (ref: SecretRef) => Object.fromEntries(hosts.map((host) => [host, ref]));
  if ("issuer" in tls) {
    return {
      secrets: Object.fromEntries(hosts.map((host) => [host, { name: certificateName(host) }])),
      resources: [],
    };
  }
  if ("secret" in tls) {
    const grant = referenceGrant(name, tls.secret, namespaceName, gatewayName, options);
    return { secrets: all(tls.secret), resources: [grant] };
  }
  const secretName = `${gatewayName}-tls`;
  const secret = new Secret(
    `${name}-tls`,
    {
      metadata: { name: secretName, namespace },
      type: "kubernetes.io/tls",
      stringData: judgedPair(options.parent, tls, hosts),
    },
    options,
  );
  return { secrets: all({ name: secretName }), resources: [secret] };
}

/** Lets Gateways of one namespace use one Secret of another. */
function referenceGrant(
  name: string,
  secret: { namespace: string; name: string },
  gatewayNamespace: string,
  gatewayName: string,
  options: pulumi.CustomResourceOptions,
): CustomResource {
  return new CustomResource(
    `${name}-tls-grant`,
    {
      // The version that every release of the Gateway API has up to now.
      apiVersion: "gateway.networking.k8s.io/v1beta1",
      kind: "ReferenceGrant",
      metadata: { name: `${gatewayName}-tls`, namespace: secret.namespace },
      spec: {
        from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: gatewayNamespace }],
        to: [{ group: "", kind: "Secret", name: secret.name }],
      },
    },
    options,
  );
}

/** A certificate of the issuer for each host, with a key that is made anew with each. */
export function certificates(
  name: string,
  tls: IngressTls,
  hosts: readonly string[],
  namespace: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): CustomResource[] {
  if (!("issuer" in tls)) return [];
  const { name: issuer, kind = "ClusterIssuer" } = tls.issuer;
  return hosts.map(
    (host) =>
      new CustomResource(
        `${name}-certificate-${host}`,
        {
          apiVersion: "cert-manager.io/v1",
          kind: "Certificate",
          metadata: {
            name: certificateName(host),
            namespace,
            annotations: { "pulumi.com/waitFor": "condition=Ready" },
          },
          spec: {
            secretName: certificateName(host),
            dnsNames: [host],
            issuerRef: { group: "cert-manager.io", kind, name: issuer },
            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
            usages: ["digital signature", "server auth"],
          },
        },
        options,
      ),
  );
}
