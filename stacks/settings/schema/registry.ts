import { z } from "zod";
import { accessConflict } from "../../../components/acrForAks/access.ts";
import { REGISTRY_NAME } from "../../../components/forms.ts";
import { ipv4RangeRule } from "../../../components/ipRange.ts";
import { ruled, text } from "./fields.ts";

/** The registry of the stack. */
export const registry = z
  .strictObject({
    name: text(REGISTRY_NAME).optional().meta({
      description: "Name of the registry, unique in Azure",
      example: "mcpaasdev",
      otherwise: "mcpaas and a hash of subscription, group and stack",
    }),
    sku: z
      .enum(["Basic", "Standard", "Premium"])
      .default("Basic")
      .meta({ description: "The registry's SKU", example: "Basic" }),
    untaggedRetentionDays: z.int().min(0).max(365).optional().meta({
      description: "How long manifests without a tag are kept; Premium only",
      example: 7,
      unit: "days",
      otherwise: "for ever",
    }),
    privateEndpoint: z.boolean().default(false).meta({
      description: "Nodes pull inside the network; Premium only, and needs network.enabled",
      example: true,
    }),
    publicAccess: z.boolean().default(true).meta({
      description:
        "It answers on the internet, to those who sign in; with false images are pushed from inside the network",
      example: false,
    }),
    allowedIpRanges: z
      .array(ruled(ipv4RangeRule))
      .default([])
      .meta({
        description:
          "Addresses on the internet that reach it, of who pushes; none listed means all. Needs privateEndpoint",
        example: ["203.0.113.0/24"],
        allowed: "a list of IPv4 ranges",
      }),
    pushTokenRepositories: z
      .array(z.string().regex(/^[a-z0-9]+([._/-][a-z0-9]+)*$/))
      .default([])
      .meta({
        description: "Repositories for which a push token is made",
        example: ["mcp/echo"],
        allowed: "a list of repository names",
      }),
  })
  .superRefine((registry, context) => {
    if (registry.untaggedRetentionDays !== undefined && registry.sku !== "Premium") {
      context.addIssue({
        code: "custom",
        path: ["untaggedRetentionDays"],
        message: `nothing, because only the Premium SKU has it and sku is ${registry.sku}`,
      });
    }
    const conflict = accessConflict(registry.sku, registry);
    if (conflict) context.addIssue({ code: "custom", path: [conflict.path], message: conflict.rule });
  })
  .prefault({});
