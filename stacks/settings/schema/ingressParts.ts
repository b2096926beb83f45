import { z } from "zod";
import { EMAIL } from "../../../components/certManager/issuers.ts";
import { DNS_LABEL } from "../../../components/forms.ts";
import { HOST_NAME } from "../../../components/platformIngress/names.ts";
import { text } from "./fields.ts";
import { secretName } from "./model.ts";

/** A public host. */
export const host = text(HOST_NAME);

/** A time limit, or 0 for none. */
export const seconds = z.int().min(0).max(86_400);

const pem = (what: string) =>
  z
    .string()
    .regex(new RegExp(`^\\s*-----BEGIN [A-Z ]*${what}-----`))
    .optional();

/** Where certificates come from. */
export const tls = z
  .strictObject({
    issuer: z.enum(["staging", "production"]).optional().meta({
      description: "Let's Encrypt; staging is for trying, and browsers don't trust it",
      example: "staging",
      otherwise: "none",
    }),
    email: text(EMAIL).optional().meta({
      description: "Where Let's Encrypt writes to",
      example: EMAIL.example,
      otherwise: "required with issuer",
    }),
    acmeServer: z
      .string()
      .regex(/^https:\/\/\S+$/)
      .optional()
      .meta({
        description: "Directory of another CA that speaks ACME, instead of Let's Encrypt's",
        example: "https://acme.example.com/directory",
        allowed: "an https URL",
        otherwise: "Let's Encrypt's",
      }),
    clusterIssuer: secretName.optional().meta({
      description: "Instead: a ClusterIssuer of cert-manager that somebody makes, such as a private CA's",
      example: "private-ca",
      otherwise: "none",
    }),
    certificate: pem("CERTIFICATE").meta({
      description: "Instead: one certificate for every host, with its chain, which nobody renews",
      example: "-----BEGIN CERTIFICATE-----...",
      allowed: "PEM text",
      otherwise: "none",
    }),
    privateKey: pem("PRIVATE KEY").meta({
      description: "Its key; pulumi config set --secret --path mcpaas:ingress.tls.privateKey",
      example: "-----BEGIN PRIVATE KEY-----...",
      allowed: "PEM text, set with --secret",
      otherwise: "required with certificate",
    }),
    secret: z
      .strictObject({
        namespace: text(DNS_LABEL).meta({ description: "Its namespace", example: "certificates" }),
        name: secretName.meta({ description: "Its name", example: "wildcard-example-com" }),
      })
      .optional()
      .meta({
        description: "Instead: a Secret of type kubernetes.io/tls that is there, for every host",
        example: { namespace: "certificates", name: "wildcard-example-com" },
        otherwise: "none",
      }),
  })
  .prefault({})
  .meta({
    description: "Where certificates come from: one of issuer, clusterIssuer, certificate and secret",
    example: { issuer: "production", email: EMAIL.example },
    otherwise: "required when enabled",
  });

/** Whether browsers are told never to come without TLS. */
export const hsts = z
  .strictObject({
    enabled: z.boolean().optional().meta({
      description: "Send Strict-Transport-Security",
      example: true,
      otherwise:
        "yes, but not with tls.issuer staging, whose certificates it would make impossible to accept",
    }),
    maxAgeSeconds: z.int().min(0).max(63_072_000).default(31_536_000).meta({
      description: "For how long browsers remember it",
      example: 86_400,
      unit: "seconds",
    }),
    includeSubDomains: z
      .boolean()
      .default(false)
      .meta({ description: "For hosts below these, too", example: true }),
  })
  .prefault({});

/** Records for the hosts. */
export const dns = z
  .strictObject({
    zone: host.meta({ description: "A DNS zone in Azure that exists", example: "example.com" }),
    resourceGroup: z
      .string()
      .regex(/^[-\w.()]{0,89}[-\w()]$/)
      .meta({
        description: "Its resource group",
        example: "rg-dns",
        allowed: "1 to 90 letters, digits and -_.() and not '.' at the end",
      }),
    private: z.boolean().default(false).meta({ description: "It is a private DNS zone", example: true }),
    ttlSeconds: z.int().min(1).max(86_400).default(300).meta({
      description: "How long resolvers keep a record",
      example: 300,
      unit: "seconds",
    }),
  })
  .optional()
  .meta({
    description: "Where each host gets a record",
    example: { zone: "example.com", resourceGroup: "rg-dns" },
    otherwise: "none: whoever has the domain makes them",
  });

/** What gets certificates and renews them. */
export const certManager = z
  .strictObject({
    install: z.boolean().default(true).meta({
      description: "Install cert-manager where tls.issuer or tls.clusterIssuer needs it; false: it is there",
      example: false,
    }),
    namespace: text(DNS_LABEL)
      .default("cert-manager")
      .meta({ description: "Namespace that is made for it", example: "cert-manager" }),
    chart: z.string().min(1).optional().meta({
      description: "Its chart, for a mirror",
      example: "oci://example.azurecr.io/charts/cert-manager",
      otherwise: "upstream's",
    }),
    imageRegistry: z.string().min(1).optional().meta({
      description: "Registry of its images, for a mirror",
      example: "example.azurecr.io",
      otherwise: "quay.io",
    }),
    replicas: z.int().min(1).max(5).default(1).meta({
      description: "Pods of each of its three programs, of which one leads",
      example: 2,
      unit: "pods",
    }),
    keepCrds: z.boolean().default(false).meta({
      description: "Leave its CRDs, and with them every Certificate of the cluster, when it is taken out",
      example: true,
    }),
  })
  .prefault({});

/** Who calls what is routed, for classes whose gateway isn't known. */
export const gatewayCallers = z
  .array(
    z.strictObject({
      cidr: z
        .string()
        .optional()
        .meta({ description: "Addresses", example: "10.225.0.0/24", otherwise: "pods" }),
      namespace: text(DNS_LABEL).optional().meta({
        description: "Namespace of pods",
        example: "gateway",
        otherwise: "cidr",
      }),
      podLabels: z
        .record(z.string(), z.string())
        .optional()
        .meta({ description: "Their labels", example: { app: "gateway" }, otherwise: "every pod" }),
    }),
  )
  .optional()
  .meta({
    description: "Where the gateway's traffic comes from",
    example: [{ cidr: "10.225.0.0/24" }],
    allowed: "a list with cidr, or with namespace and podLabels",
    otherwise: "the gateway's pods with AKS's own class; else required",
  });
