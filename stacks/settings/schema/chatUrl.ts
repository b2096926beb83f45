import { z } from "zod";

/**
 * A URL with one of some protocols.
 *
 * @param protocols as a part of a regular expression, such as "https?"
 */
export const url = (allowed: string, protocols: string) =>
  z
    .string()
    .regex(new RegExp(`^(${protocols})://[^\\s/]+\\S*$`))
    .meta({ allowed });
