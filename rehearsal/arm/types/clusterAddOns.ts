import { isObject } from "../../azure/values.ts";
import { refusal } from "../errors.ts";
import { groupId } from "../path.ts";
import type { Properties } from "../store.ts";
import { ids, type World } from "../world.ts";
import { identityType } from "./managedIdentity.ts";

/** Checks the add-ons of a cluster, and gives those that are on the identity that AKS makes for each. */
export function completeAddOns(world: World, cluster: Properties, nodeGroup: string, name: string): void {
  const profiles = cluster["addonProfiles"];
  if (!isObject(profiles)) {
    return;
  }
  cluster["addonProfiles"] = Object.fromEntries(
    Object.entries(profiles).map(([addOn, profile]) => {
      const asked = isObject(profile) ? profile : {};
      if (asked["enabled"] !== true) {
        return [addOn, asked];
      }
      if (addOn.toLowerCase() === "omsagent") {
        checkWorkspace(world, asked["config"]);
      }
      const resourceId = `${groupId(ids.subscription, nodeGroup)}/providers/${identityType}/${addOn}-${name}`;
      const identity = {
        resourceId,
        clientId: world.uuid(`client ${resourceId}`),
        objectId: world.uuid(`principal ${resourceId}`),
      };
      return [addOn, { ...asked, identity }];
    }),
  );
}

function checkWorkspace(world: World, config: unknown): void {
  const key = "logAnalyticsWorkspaceResourceID";
  const workspace = isObject(config)
    ? Object.entries(config).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
    : undefined;
  if (!world.store.get(String(workspace))) {
    throw refusal(
      400,
      "InvalidParameter",
      `The add-on omsagent needs ${key} of a Log Analytics workspace that exists; '${workspace ?? ""}' was found.`,
      "properties.addonProfiles.omsagent.config",
    );
  }
}
