import { z } from "zod";
import { failing } from "./fields.ts";
import { guardAuthorization, guardBreaker, guardRetries, guardSearch, serverLimits } from "./guardParts.ts";

/** What stands before one server, besides what holds for all. */
export const serverGuard = z
  .strictObject({
    mode: z.enum(["sidecar", "none"]).default("sidecar").meta({
      description: "none: no guard; whoever the network policy lets in may call everything, unrecorded",
      example: "sidecar",
    }),
    authorization: guardAuthorization.optional(),
    limits: serverLimits.optional(),
    breaker: guardBreaker.optional(),
    retries: guardRetries.optional(),
    search: guardSearch.optional().meta({
      description: "The server searches the web: which engines it may ask",
      example: { engines: ["bing", "duckduckgo"] },
      otherwise: "it doesn't",
    }),
    sse: z
      .boolean()
      .default(false)
      .meta({ description: "Clients may use the older SSE transport too", example: true }),
  })
  .superRefine(
    failing(({ mode, sse, limits, search, ...rest }) => {
      if (mode === "none") {
        return Object.entries({ ...rest, limits, search, sse: sse || undefined })
          .filter(([, value]) => value !== undefined)
          .map(([key]) => ({ path: [key], message: 'nothing, because mode is "none"' }));
      }
      return Object.keys(limits?.engines ?? {})
        .filter((engine) => !search?.engines.includes(engine))
        .map((engine) => ({
          path: ["limits", "engines", engine],
          message: "an engine of guard.search.engines",
        }));
    }),
  )
  .prefault({});
