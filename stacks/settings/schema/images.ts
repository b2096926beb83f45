import { z } from "zod";
import { DIGEST_IMAGE, DNS_LABEL } from "../../../components/forms.ts";
import { text } from "./fields.ts";

/** Where the images of servers come from whose source is in the folder `servers`. */
export const images = z
  .strictObject({
    build: z.boolean().default(true).meta({
      description: "Docker builds what the stack needs and pushes it to the stack's registry",
      example: false,
    }),
    prebuilt: z
      .record(text(DNS_LABEL), text(DIGEST_IMAGE))
      .default({})
      .meta({
        description:
          "Images that were built elsewhere, by the server's folder; without a registry host they are in the stack's",
        example: { guard: `ghcr.io/example/mcp/guard@sha256:${"0".repeat(64)}` },
        allowed: "folders below servers, each with an image by digest",
        otherwise: "what the stack needs is built",
      }),
  })
  .prefault({});
