import type * as pulumi from "@pulumi/pulumi";
import { AzurePostgreSql } from "../../components/azurePostgreSql.ts";
import type { PlatformNetwork } from "../../components/platformNetwork.ts";
import { argumentsFrom } from "../../components/validation.ts";
import type { Settings } from "../settings.ts";
import type { ChatPlace } from "../shared/chat.ts";
import { mutable } from "../shared/mutable.ts";
import { privatePlace } from "./network.ts";

/** The chat app's database as a service of Azure, if the settings want it there. */
export function azureDatabase(
  settings: Settings,
  place: { resourceGroupName: pulumi.Input<string>; network: PlatformNetwork | undefined },
): AzurePostgreSql | undefined {
  const { chat, cluster, location, tags, protect } = settings;
  const azure = chat.database?.azure;
  if (!chat.enabled || azure === undefined) return undefined;
  return argumentsFrom(
    "mcpaas:chat.database.azure",
    () =>
      new AzurePostgreSql("chat-postgresql", {
        ...mutable(azure),
        resourceGroupName: place.resourceGroupName,
        location,
        database: "chat",
        privateEndpoint: privatePlace(settings, place.network),
        maintenance: inUtc(cluster.maintenance),
        protect,
        tags,
      }),
  );
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const MINUTES_OF_WEEK = 7 * 24 * 60;

/** The start of the cluster's window by the clock of UTC, which is the only one that the service knows. */
export function inUtc(window: Settings["cluster"]["maintenance"]) {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const { utcOffset } = window;
  const offset = minutes(utcOffset.slice(1)) * (utcOffset.startsWith("-") ? -1 : 1);
  const local = DAYS.indexOf(window.dayOfWeek) * 24 * 60 + minutes(window.startTime);
  const hours = Math.floor(((local - offset + MINUTES_OF_WEEK) % MINUTES_OF_WEEK) / 60);
  return { dayOfWeek: DAYS[Math.floor(hours / 24)] as (typeof DAYS)[number], startHour: hours % 24 };
}

/** How the chat app uses it. */
export function chatDatabase(
  database: AzurePostgreSql | undefined,
  network: PlatformNetwork | undefined,
): ChatPlace["database"] {
  if (database === undefined || network === undefined) return undefined;
  return { service: { url: database.url }, egress: { cidr: network.endpointsRange, ports: [5432] } };
}
