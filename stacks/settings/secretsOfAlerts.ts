import type { z } from "zod";
import type { alerts } from "./schema/alerts.ts";

/** The secrets in the alerts' settings, by their keys: whoever has a receiver's address can send to it. */
export function secretsOfAlerts({ receivers }: z.output<typeof alerts>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(receivers).flatMap(([name, { webhook, teams, logicApp }]) => {
      const key = `alerts.receivers.${name}`;
      return [
        [`${key}.webhook`, webhook],
        [`${key}.teams`, teams],
        [`${key}.logicApp.callbackUrl`, logicApp?.callbackUrl],
      ];
    }),
  );
}
