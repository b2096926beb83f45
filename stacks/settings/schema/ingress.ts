import { z } from "zod";
import { DNS_LABEL } from "../../../components/forms.ts";
import { ipv4RangeRule } from "../../../components/ipRange.ts";
import { APP_ROUTING_CLASS } from "../../../components/platformIngress/classes.ts";
import { DNS_NAME_LABEL, HOST_NAME } from "../../../components/platformIngress/names.ts";
import { ruled, text } from "./fields.ts";
import { certManager, dns, gatewayCallers, host, hsts, seconds, tls } from "./ingressParts.ts";

/** The front door; docs/ingress.md. */
export const ingress = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description: "Make a public front door for the chat app and for MCP servers; see docs/ingress.md",
      example: true,
    }),
    className: text(DNS_LABEL)
      .default(APP_ROUTING_CLASS)
      .meta({
        description:
          "The GatewayClass: AKS's own, azure-alb-external (Application Gateway for Containers), or any other; " +
          "whoever names another than AKS's own installs its controller",
        example: "azure-alb-external",
      }),
    gatewayName: text({ ...DNS_LABEL, pattern: /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/ })
      .default("front-door")
      .meta({
        description: "Name of the Gateway",
        example: "front-door",
        allowed: "1 to 40 of a-z, 0-9 and '-', beginning with a letter and not ending with '-'",
      }),
    namespace: text(DNS_LABEL)
      .default("ingress")
      .meta({ description: "Namespace that is made for it", example: "ingress" }),
    host: host.optional().meta({
      description: "The chat app's host",
      example: HOST_NAME.example,
      otherwise: "that of dnsLabel, or none: the chat app isn't public",
    }),
    dnsLabel: text(DNS_NAME_LABEL).optional().meta({
      description: "A name of Azure's, for who has no domain: <label>.<location>.cloudapp.azure.com",
      example: DNS_NAME_LABEL.example,
      otherwise: "none",
    }),
    mcpServers: z
      .record(
        text(DNS_LABEL),
        z.strictObject({
          host: host.meta({ description: "Its host", example: "echo.example.com" }),
          timeoutSeconds: seconds.default(0).meta({
            description: "The longest that an answer or a stream may take; 0 is no limit",
            example: 3600,
            unit: "seconds",
          }),
        }),
      )
      .default({})
      .meta({
        description: "MCP servers that are public, by their names in the cluster; only with a guard",
        example: { echo: { host: "echo.example.com" } },
        allowed: `servers by name, each ${DNS_LABEL.words}`,
      }),
    tls,
    hsts,
    dns,
    certManager,
    timeoutSeconds: seconds.default(0).meta({
      description: "The longest that an answer of the chat app may take; 0 is no limit. A limit cuts streams",
      example: 3600,
      unit: "seconds",
    }),
    idleMinutes: z.int().min(4).max(100).optional().meta({
      description: "How long a connection may be silent; AKS's own class only",
      example: 60,
      unit: "minutes",
      otherwise: "30 with AKS's own class",
    }),
    sourceRanges: z
      .array(ruled(ipv4RangeRule))
      .min(1)
      .optional()
      .meta({
        description: "Addresses that may come; AKS's own class only, and not with tls.issuer",
        example: ["203.0.113.0/24"],
        allowed: "a list of IPv4 ranges, 1 or more",
        otherwise: "everybody",
      }),
    internal: z.boolean().default(false).meta({
      description: "An address in the virtual network only; AKS's own class only, and not with tls.issuer",
      example: true,
    }),
    publicIp: z
      .strictObject({
        name: z.string().min(1).max(80).meta({ description: "Its name", example: "pip-mcpaas" }),
        resourceGroup: z.string().min(1).max(90).meta({
          description: "Its resource group, where the cluster's identity is a Network Contributor",
          example: "rg-network",
        }),
      })
      .optional()
      .meta({
        description: "A public address that exists; AKS's own class only",
        example: { name: "pip-mcpaas", resourceGroup: "rg-network" },
        otherwise: "a new one",
      }),
    replicas: z
      .strictObject({
        min: z.int().min(2).max(100).meta({ description: "Pods at least", example: 2, unit: "pods" }),
        max: z.int().min(2).max(100).meta({ description: "Pods at most", example: 10, unit: "pods" }),
      })
      .optional()
      .meta({
        description: "The gateway's pods; AKS's own class only",
        example: { min: 2, max: 10 },
        otherwise: "AKS's: 2 to 5",
      }),
    wafPolicyId: z
      .string()
      .regex(
        /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Network\/[^/\s]+\/[^/\s]+$/i,
      )
      .optional()
      .meta({
        description: "Firewall policy with limits of rate and size; azure-alb-external only",
        example:
          "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-waf/providers/Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/waf",
        allowed: "an ARM id of Microsoft.Network",
        otherwise: "none",
      }),
    annotations: z
      .record(z.string().min(1), z.string())
      .default({})
      .meta({
        description: "Annotations of the Gateway",
        example: { "alb.networking.azure.io/alb-id": "/subscriptions/..." },
        allowed: "names and texts",
      }),
    addresses: z
      .array(
        z.strictObject({
          type: z
            .string()
            .min(1)
            .meta({ description: "Its type", example: "alb.networking.azure.io/alb-frontend" }),
          value: z.string().min(1).meta({ description: "Its value", example: "frontend-1" }),
        }),
      )
      .optional()
      .meta({
        description: "Addresses that the Gateway asks for",
        example: [{ type: "alb.networking.azure.io/alb-frontend", value: "frontend-1" }],
        allowed: "a list of addresses",
        otherwise: "any",
      }),
    clients: gatewayCallers,
    readyTimeoutMinutes: z.int().min(1).max(60).default(15).meta({
      description: "How long to wait for the Gateway and for each certificate",
      example: 30,
      unit: "minutes",
    }),
  })
  .prefault({});
