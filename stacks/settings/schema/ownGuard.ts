import { z } from "zod";
import { guardAuthorization, guardBreaker, guardRetries, serverLimits } from "./guardParts.ts";

/** What stands before a server that can't be without a guard, besides what holds for all servers. */
export const ownGuard = z
  .strictObject({
    authorization: guardAuthorization.optional(),
    limits: serverLimits.optional(),
    breaker: guardBreaker.optional(),
    retries: guardRetries.optional(),
  })
  .prefault({});
