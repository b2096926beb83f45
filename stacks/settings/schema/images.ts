import { z } from "zod";
import { DIGEST_IMAGE } from "../../../components/forms.ts";
import { text } from "./fields.ts";

/** An image that was built elsewhere. */
const prebuilt = (server: string, what: string) =>
  text(DIGEST_IMAGE)
    .optional()
    .meta({
      description: `${what}, built elsewhere, by digest; one without a registry host is in the stack's registry`,
      example: `ghcr.io/example/mcp/${server}@sha256:${"0".repeat(64)}`,
      otherwise: `built from servers/${server} if the stack needs it`,
    });

/** Where the images of this project's own servers come from. */
export const images = z
  .strictObject({
    build: z.boolean().default(true).meta({
      description: "Docker builds what the stack needs and pushes it to the stack's registry",
      example: false,
    }),
    prebuilt: z
      .strictObject({
        echo: prebuilt("echo", "The MCP server echo"),
        guard: prebuilt("guard", "The guard in front of MCP servers"),
        "innovation-engine": prebuilt("innovation-engine", "The MCP server of the Innovation Engine"),
      })
      .prefault({}),
  })
  .prefault({});
