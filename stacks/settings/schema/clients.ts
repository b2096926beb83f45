import { z } from "zod";
import { DNS_LABEL } from "../../../components/forms.ts";
import { egressRule } from "../../../components/network/egress.ts";
import { port, ruled, text } from "./fields.ts";

/** Who may call something. */
export const clients = z
  .array(
    z.strictObject({
      namespace: text(DNS_LABEL)
        .optional()
        .meta({ description: "Their namespace", example: "chat", otherwise: "the server's own" }),
      podLabels: z
        .record(z.string(), z.string())
        .optional()
        .meta({ description: "Their labels", example: { app: "chat" }, otherwise: "every pod" }),
    }),
  )
  .optional();

/** Addresses that something may call. */
export const egress = z.array(
  z.strictObject({
    cidr: ruled(egressRule).meta({
      description: "Addresses; 0.0.0.0/0 is everywhere but private ranges",
      example: "20.0.0.0/8",
      allowed: "an IP range outside of the addresses that Azure keeps for nodes",
    }),
    ports: z
      .array(port)
      .default([443])
      .meta({ description: "TCP ports", example: [443] }),
  }),
);
