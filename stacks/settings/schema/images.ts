import { z } from "zod";
import { DNS_LABEL } from "../../../components/forms.ts";
import { text } from "./fields.ts";

/** Where the images of servers come from whose source is in the folder `servers`. */
export const images = z
  .strictObject({
    build: z.boolean().optional().meta({
      description: "Docker builds what the stack needs and pushes it to the stack's registry",
      example: false,
      otherwise: "true on Azure, which alone has it",
    }),
    prebuilt: z
      .record(text(DNS_LABEL), z.string())
      .default({})
      .meta({
        description:
          "Images that were built elsewhere, by the server's folder; without a registry host they are in the stack's",
        example: { guard: `ghcr.io/example/mcp/guard@sha256:${"0".repeat(64)}` },
        allowed: "folders below servers, each with an image by digest; on platform local also by tag",
        otherwise:
          "what the stack needs is built; on platform local mcp/<folder>:<version> of local.registry",
      }),
  })
  .prefault({});
