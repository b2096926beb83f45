import { z } from "zod";
import { DEFAULT_RANGES, rangeConflict } from "../../../components/platformNetwork/ranges.ts";

const range = z.string();

/** The cluster's own network; docs/prod.md. */
export const network = z
  .strictObject({
    enabled: z.boolean().default(true).meta({
      description:
        "A virtual network of the stack's own for nodes and private endpoints; decided when the cluster is made",
      example: false,
    }),
    addressSpace: range.default(DEFAULT_RANGES.addressSpace).meta({
      description: "Its addresses; others than those of networks that are to be connected with it",
      example: "10.224.0.0/16",
      allowed: "an IPv4 range beside those of pods (10.244.0.0/16) and Services (10.0.0.0/16)",
    }),
    nodesSubnet: range.default(DEFAULT_RANGES.nodesSubnet).meta({
      description: "Range of the nodes; it can't be changed while there are some",
      example: "10.224.0.0/20",
      allowed: "an IPv4 range in addressSpace",
    }),
    endpointsSubnet: range.default(DEFAULT_RANGES.endpointsSubnet).meta({
      description: "Range of private endpoints",
      example: "10.224.16.0/24",
      allowed: "an IPv4 range in addressSpace, beside nodesSubnet",
    }),
    privateDnsZones: z.boolean().default(true).meta({
      description:
        "Make the DNS zones of private endpoints; false where a policy of yours writes records to zones elsewhere",
      example: false,
    }),
  })
  .superRefine((network, context) => {
    const conflict = rangeConflict(network);
    if (conflict) context.addIssue({ code: "custom", path: [conflict.key], message: conflict.rule });
  })
  .prefault({});
